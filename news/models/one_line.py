"""Words that stand in one line, whoever typed them."""

from django.db import models

from news import text


class OneLineModel(models.Model):
    """What is checked is what will be stored: of a name of invisible characters nothing is left, and a form that is composed
    may be longer than what was typed."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude=None):
        self.keep_to_one_line()
        super().clean_fields(exclude)

    def keep_to_one_line(self):
        """Every field of a line that people fill in. Called again by ``save``, for what comes by no form."""
        for field in self._meta.local_fields:
            if isinstance(field, models.CharField) and field.editable:
                setattr(self, field.name, text.line(getattr(self, field.name)))
