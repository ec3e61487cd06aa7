"""The rows that the pages show."""

from django.conf import settings
from django.db import models


class Organisation(models.Model):
    code = models.CharField(max_length=3)
    name = models.CharField(max_length=100)


class Officer(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)


class Referral(models.Model):
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    reference = models.CharField(max_length=20)
    lot = models.CharField(max_length=40)
    age = models.IntegerField()
    needed_on = models.DateField()
    deadline = models.DateTimeField()
    state = models.CharField(max_length=20)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE)

    class Meta:
        indexes = [models.Index(fields=["organisation", "state", "needed_on"])]


class Home(models.Model):
    urn = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    provider = models.CharField(max_length=100)
    grade = models.CharField(max_length=40)


class Offer(models.Model):
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="offers")
    home = models.ForeignKey(Home, on_delete=models.CASCADE)
    state = models.CharField(max_length=20)
    weekly_pence = models.BigIntegerField()
    tenths_of_miles = models.IntegerField()
    start_on = models.DateField()
    statement = models.TextField()


class Answer(models.Model):
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="answers")
    need = models.CharField(max_length=60)
    met = models.CharField(max_length=10)
    sentence = models.TextField()
