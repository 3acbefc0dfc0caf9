"""What every page of the press needs: who publishes, and the sections to choose from."""


def site(request):
    return {}
