"""Fields whose length is that of what will be stored: composed, a line break one sign, nothing at the ends. Of a browser's own limit
nothing is left: it would cut off what is pasted, without a word."""

from django import forms

from news import text


class LineField(forms.CharField):
    tidy = staticmethod(text.line)

    def to_python(self, value):
        return self.tidy(super().to_python(value))

    def widget_attrs(self, widget):
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class LinesField(LineField):
    tidy = staticmethod(text.lines)
