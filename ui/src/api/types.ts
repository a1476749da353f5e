import type { components } from "./schema";

type Schemas = components["schemas"];

export type FlowRun = Schemas["FlowRun"];
export type FlowRunFilter = Schemas["FlowRunFilter"];
export type FlowRunPage = Schemas["FlowRunPage"];
export type FlowRunSort = Schemas["FlowRunSort"];
export type TaskRun = Schemas["TaskRun"];
export type TaskRunFilter = Schemas["TaskRunFilter"];
export type TaskRunPage = Schemas["TaskRunPage"];
export type TaskRunSort = Schemas["TaskRunSort"];
export type StateRecord = Schemas["StateRecord"];
export type Flow = Schemas["Flow"];
export type Deployment = Schemas["Deployment"];
export type WorkPool = Schemas["WorkPool"];
export type WorkQueue = Schemas["WorkQueue"];
export type Histogram = Schemas["Histogram"];
export type BulkOutcome = Schemas["BulkOutcome"];
export type Event = Schemas["Event"];
export type Graph = Schemas["Graph"];
export type GraphNode = Schemas["Node"];
export type GraphEdge = Schemas["Edge"];
export type LogRecord = Schemas["LogRecord"];
export type LogFilter = Schemas["LogFilter"];
export type Pause = Schemas["Pause"];
export type Verdict = Schemas["Verdict"];
