"""The orders in which lists may be asked for: each is that of an index, so no list is ever sorted."""

from __future__ import annotations

from enum import Enum


class FlowRunSort(str, Enum):
    """An order of flow runs. Ids are in the order of the runs' making.

    By start or end, runs are left out that have none yet.
    """

    ID_ASC = "ID_ASC"
    ID_DESC = "ID_DESC"
    START_TIME_ASC = "START_TIME_ASC"
    START_TIME_DESC = "START_TIME_DESC"
    END_TIME_ASC = "END_TIME_ASC"
    END_TIME_DESC = "END_TIME_DESC"
    NAME_ASC = "NAME_ASC"
    NAME_DESC = "NAME_DESC"


class TaskRunSort(str, Enum):
    """An order of task runs. Ids are in the order of the runs' making. By start, runs are left out that have none yet."""

    ID_ASC = "ID_ASC"
    ID_DESC = "ID_DESC"
    START_TIME_ASC = "START_TIME_ASC"
    START_TIME_DESC = "START_TIME_DESC"


class FlowSort(str, Enum):
    """An order of flows. Ids are in the order in which the flows were first seen."""

    NAME_ASC = "NAME_ASC"
    NAME_DESC = "NAME_DESC"
    ID_ASC = "ID_ASC"
    ID_DESC = "ID_DESC"
