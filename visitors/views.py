"""The statistics page, and every day as a file."""

import csv

from django.http import Http404, HttpResponse
from django.shortcuts import render

from visitors import clock, past_days
from visitors import statistics as numbers


def ping(request):
    """Where readers are counted by ping the middleware has answered before; elsewhere there is nothing here."""
    raise Http404


def statistics(request):
    moment = clock.now()
    figures = numbers.figures_at(moment, getattr(request, "visitor_hit", None))
    overview = numbers.overview(clock.day_of(moment), figures)
    return render(request, "visitors/statistics.html", {"overview": overview})


def statistics_csv(request):
    """Every known day until yesterday. A spreadsheet knows UTF-8 by its mark."""
    disposition = 'attachment; filename="luot-truy-cap.csv"'
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})
    response.write("\ufeff")
    lines = csv.writer(response)
    lines.writerow(past_days.COLUMNS)
    lines.writerows(numbers.every_day(before=clock.day_of(clock.now())))
    return response
