"""Wrong schedules, each refused on its line."""

from __future__ import annotations

from penstock.schedules import Cron, Interval, RRule, Schedule

Cron(cron="@daily")  # error: [call-arg]
Cron("@daily", timezone=1)  # error: [arg-type]
Cron("@daily", missed="some")  # error: [arg-type]
Cron("@daily", overlap="both")  # error: [arg-type]
Cron("@daily", anchor_date=None)  # error: [call-arg]
Interval("1 hour")  # error: [arg-type]
Interval(60, jitter="30")  # error: [call-arg]
RRule("FREQ=DAILY", day_or=False)  # error: [call-arg]
Schedule(cron=5)  # error: [arg-type]
Cron("@daily").slug = "other"  # error: [misc]
text: str = Cron("@daily").upcoming()  # error: [assignment]
