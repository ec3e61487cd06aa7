"""Three pages: an officer's home, the list of referrals, the comparison of offers. One query for each kind of row."""

import secrets

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, render

from .models import Referral

PAGE = 25


def policy(get_response):
    """A content-security policy with a nonce of each answer's own."""

    def middleware(request):
        request.nonce = secrets.token_urlsafe(16)
        response = get_response(request)
        response["Content-Security-Policy"] = f"default-src 'none'; style-src 'nonce-{request.nonce}'"
        response["Cache-Control"] = "no-store"
        return response

    return middleware


def own(request):
    return Referral.objects.filter(organisation_id=request.user.officer.organisation_id)


@login_required
def home(request):
    mine = own(request).filter(state="out").annotate(count=Count("offers")).order_by("deadline")[:PAGE]
    counts = own(request).values("state").annotate(count=Count("id")).order_by("state")
    return render(request, "home.html", {"mine": mine, "counts": counts})


@login_required
def referrals(request):
    rows = own(request).filter(state="out").annotate(count=Count("offers")).order_by("needed_on", "id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "referrals.html", {"page": page})


@login_required
def compare(request, reference):
    referral = get_object_or_404(own(request), reference=reference)
    offers = referral.offers.filter(state="sent").select_related("home").prefetch_related("answers").order_by("id")
    return render(request, "compare.html", {"referral": referral, "offers": offers})
