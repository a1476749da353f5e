"""Deployments as they are before anything knows them: with cron, interval, rrule, and several schedules."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from prefect import flow
from prefect.schedules import Cron, Interval, RRule


@flow(description="Greets somebody.", version="7")
def greets(name: str = "nobody", times: int = 1):
    return name * times


plain = greets.to_deployment("plain", parameters={"name": "Ann"}, tags=["b", "a"])
print(plain.name, plain.flow_name, plain.parameters, sorted(plain.tags), plain.description, plain.version)
print(plain.entrypoint.endswith("to_deployment.py:greets"), plain.paused, plain.schedules)

cron = greets.to_deployment("cron", cron="0 7 * * 1-5", paused=True, version="8", description="Early.")
print(cron.schedules[0].schedule.cron, cron.paused, cron.version, cron.description)

both = greets.to_deployment("both", cron=["0 7 * * *", "0 19 * * *"])
print([one.schedule.cron for one in both.schedules])

for interval in (90, timedelta(hours=1)):
    regular = greets.to_deployment("regular", interval=interval)
    print([type(one.schedule).__name__ for one in regular.schedules])

rule = greets.to_deployment("rule", rrule="FREQ=WEEKLY;BYDAY=MO")
print(rule.schedules[0].schedule.rrule.splitlines()[-1])

anchor = datetime(2030, 1, 1, tzinfo=timezone.utc)
many = greets.to_deployment(
    "many",
    schedules=[
        Cron("30 2 * * *", timezone="Europe/Berlin"),
        Interval(600, anchor_date=anchor, slug="often"),
        RRule("FREQ=DAILY;COUNT=3", timezone="America/New_York"),
        Cron("0 0 * * *", active=False, parameters={"name": "Midnight"}, slug="late"),
    ],
)
for one in many.schedules:
    print(type(one.schedule).__name__, one.schedule.timezone or "UTC", one.active, one.slug, one.parameters)
print(many.schedules[1].schedule.anchor_date == anchor)

single = greets.to_deployment("single", schedule=Cron("5 4 * * *"))
print(single.schedules[0].schedule.cron, single.schedules[0].schedule.day_or)

limited = greets.to_deployment("limited", concurrency_limit=3, job_variables={"env": {"A": "1"}})
print(limited.concurrency_limit, limited.job_variables)

for wrong in ({"cron": "0 7 * * *", "interval": 60}, {"interval": -5}, {"cron": "never"}):
    try:
        greets.to_deployment("wrong", **wrong)
    except Exception as error:
        print(isinstance(error, ValueError), sorted(wrong))
