"""Pictures that the editor sends while someone writes. Decoded and encoded here, outside any transaction."""

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadhandler import FileUploadHandler
from django.http import JsonResponse
from django.views.decorators.http import require_POST

from news.models import Picture


class RefuseTooMuch(FileUploadHandler):
    """First of the upload handlers: what is too much is refused (413) before any of it is read or kept."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        if content_length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("the request is larger than DATA_UPLOAD_MAX_MEMORY_SIZE")

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None


@permission_required("news.add_picture", raise_exception=True)  # a script asks: a log-in form would be no answer to it
@require_POST
def upload_picture(request):
    """Takes the file ``upload``; answers as CKEditor's uploadimage reads it (``uploaded``, ``url`` or ``error.message``)."""
    file = request.FILES.get("upload")
    try:
        if file is None:
            raise ValidationError("Chưa chọn tệp ảnh.")
        picture = Picture.create_from(file, request.user)
    except ValidationError as error:
        return JsonResponse({"uploaded": 0, "error": {"message": " ".join(error.messages)}})
    return JsonResponse({"uploaded": 1, "fileName": f"{picture.key}.jpg", "url": picture.url(), "id": picture.pk})
