"""Fills the database at the size of the region, the same in every run, and prints a signed-in session's key."""

import datetime as dt
import os
import random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "django_page.settings")
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command

from django_page.models import Answer, Home, Offer, Officer, Organisation, Referral

CODES = ["BIR", "COV", "DUD", "HEF", "SAN", "SHR", "SOL", "STA", "SOT", "TEL", "WAL", "WAR", "WLV", "WOR"]
NEEDS = ["Therapy", "Education on site", "Night staff", "Own bathroom", "Pets", "Travel to school", "Faith", "Garden"]
REFERRALS = 4_800
OUT = 260


def main():
    chance = random.Random(1)
    call_command("migrate", run_syncdb=True, verbosity=0)
    organisations = Organisation.objects.bulk_create(Organisation(code=code, name=f"{code} Council") for code in CODES)
    users = get_user_model().objects
    officers = {}
    for organisation in organisations:
        user = users.create_user(organisation.code.lower(), password=None)
        officers[organisation.code] = Officer.objects.create(user=user, organisation=organisation)
    homes = Home.objects.bulk_create(
        Home(urn=f"SC{400000 + n}", name=f"Home {n}", provider=f"Provider {n % 130}", grade="Good") for n in range(450)
    )
    day, rows = dt.datetime(2021, 9, 13, 10, 20, tzinfo=dt.timezone.utc), []
    for number in range(REFERRALS):
        organisation = organisations[number % len(organisations)]
        needed = day.date() - dt.timedelta(days=(REFERRALS - number) // 5)
        rows.append(Referral(
            organisation=organisation, officer=officers[organisation.code],
            reference=f"{organisation.code}-R-{number // len(organisations):04}", lot="Planned", age=8 + number % 10,
            needed_on=needed, deadline=day + dt.timedelta(hours=number % 90),
            state="out" if number >= REFERRALS - OUT else chance.choice(["placed", "withdrawn", "not_placed"]),
        ))
    referrals = Referral.objects.bulk_create(rows, batch_size=1000)
    offers = Offer.objects.bulk_create([
        Offer(referral=referral, home=chance.choice(homes), state="sent", weekly_pence=chance.randrange(310_000, 520_000),
              tenths_of_miles=chance.randrange(900), start_on=referral.needed_on, statement="How the home would live together. " * 8)
        for referral in referrals for _ in range(3 if referral.state == "out" else chance.randrange(3))
    ], batch_size=1000)
    Answer.objects.bulk_create([
        Answer(offer=offer, need=need, met=chance.choice(["yes", "partly"]), sentence="Met by the staff on the rota. " * 2)
        for offer in offers if offer.referral.state == "out" for need in NEEDS
    ], batch_size=1000)
    user = users.get(username="hef")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    reference = Referral.objects.filter(organisation__code="HEF", state="out").latest("id").reference
    print(f"{session.session_key} {reference}")


main()
