CREATE TABLE alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE flow_run_tags (
    workspace_id integer NOT NULL,
    tag text NOT NULL COLLATE pg_catalog."C",
    flow_run_id uuid NOT NULL
);
CREATE TABLE flow_runs (
    workspace_id integer NOT NULL,
    id uuid NOT NULL,
    flow_id uuid NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    created timestamp with time zone NOT NULL,
    state_type character varying(16) NOT NULL COLLATE pg_catalog."C",
    state_name text NOT NULL COLLATE pg_catalog."C",
    states text NOT NULL,
    parameters text,
    tags text,
    run_count integer NOT NULL,
    attempt integer NOT NULL,
    lease_owner text COLLATE pg_catalog."C",
    lease_expires timestamp with time zone,
    parent_flow_run_id uuid,
    parent_task_run_id uuid,
    upstreams text,
    flow_version text COLLATE pg_catalog."C",
    retries integer NOT NULL,
    recoveries integer NOT NULL,
    idempotency_key text COLLATE pg_catalog."C",
    expected_start timestamp with time zone,
    start_time timestamp with time zone,
    end_time timestamp with time zone,
    run_seconds double precision NOT NULL,
    error text,
    result text COLLATE pg_catalog."C",
    verdicts text
);
CREATE TABLE flows (
    workspace_id integer NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    created timestamp with time zone NOT NULL,
    tags text
);
CREATE TABLE journals (
    workspace_id integer NOT NULL,
    owner text NOT NULL COLLATE pg_catalog."C",
    number bigint NOT NULL,
    fingerprint text NOT NULL COLLATE pg_catalog."C",
    updated timestamp with time zone NOT NULL
);
CREATE TABLE logs (
    id bigint NOT NULL,
    workspace_id integer NOT NULL,
    "timestamp" timestamp with time zone NOT NULL,
    level integer NOT NULL,
    logger text NOT NULL COLLATE pg_catalog."C",
    message text NOT NULL COLLATE pg_catalog."C",
    flow_run_id uuid,
    task_run_id uuid
);
CREATE SEQUENCE logs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE logs_id_seq OWNED BY logs.id;
CREATE TABLE task_run_tags (
    workspace_id integer NOT NULL,
    tag text NOT NULL COLLATE pg_catalog."C",
    task_run_id uuid NOT NULL
);
CREATE TABLE task_runs (
    workspace_id integer NOT NULL,
    id uuid NOT NULL,
    flow_run_id uuid,
    flow_run_attempt integer NOT NULL,
    parent_task_run_id uuid,
    task_key text NOT NULL COLLATE pg_catalog."C",
    task_name text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    tags text,
    upstreams text,
    state_type character varying(16) NOT NULL COLLATE pg_catalog."C",
    state_name text NOT NULL COLLATE pg_catalog."C",
    state_count integer NOT NULL,
    states text NOT NULL,
    run_count integer NOT NULL,
    retries integer NOT NULL,
    start_time timestamp with time zone,
    end_time timestamp with time zone,
    run_seconds double precision NOT NULL,
    cache_key text COLLATE pg_catalog."C",
    result text COLLATE pg_catalog."C",
    error text,
    owner text COLLATE pg_catalog."C"
);
ALTER TABLE ONLY logs ALTER COLUMN id SET DEFAULT nextval('logs_id_seq'::regclass);
INSERT INTO alembic_version VALUES ('0001');
INSERT INTO flow_run_tags VALUES (1, 'nightly', '01a1fbae-7b4c-7f0f-911a-c57c69ab59ab');
INSERT INTO flow_runs VALUES (1, '01a1fbae-7b4c-7f59-a8d5-1dc9c1a48d17', '01a1fbae-7b6d-7d14-adb7-9015b0f2f38b', 'brave-otter', '2026-11-21 01:17:58.514128+00', 'RUNNING', 'Running', '[["PENDING","Pending","2026-11-21T01:17:58.476961Z",null,null],["RUNNING","Running","2026-11-21T01:17:58.476958Z",null,null]]', NULL, NULL, 1, 1, 'here:1:first', '2026-11-21 01:18:43.514128+00', NULL, NULL, NULL, NULL, 0, 0, NULL, '2026-11-21 01:17:58.476961+00', '2026-11-21 01:17:58.476958+00', NULL, 0, NULL, NULL, NULL);
INSERT INTO flow_runs VALUES (1, '01a1fbae-7b4c-7f0f-911a-c57c69ab59ab', '01a1fbae-7b6d-7d14-adb7-9015b0f2f38b', 'brave-otter', '2026-11-21 01:17:58.510306+00', 'COMPLETED', 'Completed', '[["PENDING","Pending","2026-11-21T01:17:58.476950Z",null,null],["RUNNING","Running","2026-11-21T01:17:58.476938Z",null,null],["COMPLETED","Completed","2026-11-21T01:17:58.519754Z",null,null]]', '{"n":1}', '["nightly"]', 1, 1, 'here:1:first', NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, '2026-11-21 01:17:58.47695+00', '2026-11-21 01:17:58.476938+00', '2026-11-21 01:17:58.519754+00', 0.042816, NULL, NULL, NULL);
INSERT INTO flow_runs VALUES (1, '01a1fbae-7b4c-7f42-9d86-7bdfd39477af', '01a1fbae-7b70-7e10-808d-dd7c80d06ea4', 'brave-otter', '2026-11-21 01:17:58.512992+00', 'FAILED', 'Failed', '[["PENDING","Pending","2026-11-21T01:17:58.476956Z",null,null],["RUNNING","Running","2026-11-21T01:17:58.476953Z",null,null],["FAILED","Failed","2026-11-21T01:17:58.521390Z",null,null]]', NULL, NULL, 1, 1, 'here:1:first', NULL, NULL, NULL, NULL, NULL, 0, 0, 'once', '2026-11-21 01:17:58.476956+00', '2026-11-21 01:17:58.476953+00', '2026-11-21 01:17:58.52139+00', 0.044437, NULL, NULL, NULL);
INSERT INTO flows VALUES (1, '01a1fbae-7b6d-7d14-adb7-9015b0f2f38b', 'hello', '2026-11-21 01:17:58.50977+00', NULL);
INSERT INTO flows VALUES (1, '01a1fbae-7b70-7e10-808d-dd7c80d06ea4', 'other', '2026-11-21 01:17:58.512831+00', NULL);
INSERT INTO journals VALUES (1, 'here:1:first', 1, '2 2026-11-20T12:00:00+00:00 2026-11-20T12:00:00+00:00', '2026-11-21 01:17:58.517933+00');
INSERT INTO logs VALUES (1, 1, '2026-11-20 12:00:00+00', 20, 'penstock.flow_runs', 'ÄRGER', '01a1fbae-7b4c-7f0f-911a-c57c69ab59ab', NULL);
INSERT INTO logs VALUES (2, 1, '2026-11-20 12:00:00+00', 20, 'penstock.flow_runs', 'hello', NULL, '01a1fbae-7b72-7a7c-b7e9-298629bf5eb8');
INSERT INTO task_run_tags VALUES (1, 'x', '01a1fbae-7b72-7a35-8ca7-3776b8b6b0bb');
INSERT INTO task_runs VALUES (1, '01a1fbae-7b72-7a35-8ca7-3776b8b6b0bb', '01a1fbae-7b4c-7f0f-911a-c57c69ab59ab', 1, NULL, 'module.double', 'double', 'double-0', '["x"]', NULL, 'COMPLETED', 'Completed', 3, '[["PENDING","Pending","2026-11-20T12:00:00Z",null,null],["RUNNING","Running","2026-11-20T12:00:01Z",null,null],["COMPLETED","Completed","2026-11-20T12:00:02Z",null,null]]', 1, 0, '2026-11-20 12:00:01+00', '2026-11-20 12:00:02+00', 1, NULL, NULL, NULL, NULL);
INSERT INTO task_runs VALUES (1, '01a1fbae-7b72-7a60-914d-3226d5963118', '01a1fbae-7b4c-7f42-9d86-7bdfd39477af', 1, NULL, 'module.double', 'double', 'double-0', NULL, NULL, 'FAILED', 'Failed', 2, '[["RUNNING","Running","2026-11-20T12:00:00Z",null,null],["FAILED","Failed","2026-11-20T12:00:01Z",null,null]]', 1, 0, '2026-11-20 12:00:00+00', '2026-11-20 12:00:01+00', 1, NULL, NULL, NULL, NULL);
INSERT INTO task_runs VALUES (1, '01a1fbae-7b72-7a7c-b7e9-298629bf5eb8', NULL, 0, NULL, 'module.double', 'double', 'double-0', NULL, NULL, 'COMPLETED', 'Completed', 3, '[["PENDING","Pending","2026-11-20T12:00:00Z",null,null],["RUNNING","Running","2026-11-20T12:00:01Z",null,null],["COMPLETED","Completed","2026-11-20T12:00:02Z",null,null]]', 1, 0, '2026-11-20 12:00:01+00', '2026-11-20 12:00:02+00', 1, NULL, NULL, NULL, NULL);
SELECT pg_catalog.setval('logs_id_seq', 2, true);
ALTER TABLE ONLY alembic_version
    ADD CONSTRAINT alembic_version_pkey PRIMARY KEY (version_num);
ALTER TABLE ONLY flow_run_tags
    ADD CONSTRAINT flow_run_tags_pkey PRIMARY KEY (workspace_id, tag, flow_run_id);
ALTER TABLE ONLY flow_runs
    ADD CONSTRAINT flow_runs_pkey PRIMARY KEY (workspace_id, id);
ALTER TABLE ONLY flows
    ADD CONSTRAINT flows_pkey PRIMARY KEY (workspace_id, id);
ALTER TABLE ONLY journals
    ADD CONSTRAINT journals_pkey PRIMARY KEY (workspace_id, owner);
ALTER TABLE ONLY logs
    ADD CONSTRAINT logs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY task_run_tags
    ADD CONSTRAINT task_run_tags_pkey PRIMARY KEY (workspace_id, tag, task_run_id);
ALTER TABLE ONLY task_runs
    ADD CONSTRAINT task_runs_pkey PRIMARY KEY (workspace_id, id);
ALTER TABLE ONLY flows
    ADD CONSTRAINT uq_flows_name UNIQUE (workspace_id, name);
CREATE INDEX ix_flow_run_tags_run ON flow_run_tags USING btree (workspace_id, flow_run_id);
CREATE INDEX ix_flow_runs_children ON flow_runs USING btree (workspace_id, parent_flow_run_id, id) WHERE (parent_flow_run_id IS NOT NULL);
CREATE INDEX ix_flow_runs_flow ON flow_runs USING btree (workspace_id, flow_id, id);
CREATE INDEX ix_flow_runs_live ON flow_runs USING btree (workspace_id, lease_expires) WHERE (lease_expires IS NOT NULL);
CREATE INDEX ix_flow_runs_name ON flow_runs USING btree (workspace_id, name, id);
CREATE INDEX ix_flow_runs_roots ON flow_runs USING btree (workspace_id, id) WHERE (parent_flow_run_id IS NULL);
CREATE INDEX ix_flow_runs_start ON flow_runs USING btree (workspace_id, start_time, id);
CREATE INDEX ix_flow_runs_state_name ON flow_runs USING btree (workspace_id, state_name, id);
CREATE INDEX ix_flow_runs_state_type ON flow_runs USING btree (workspace_id, state_type, id);
CREATE INDEX ix_logs_flow_run ON logs USING btree (workspace_id, flow_run_id, id) WHERE (flow_run_id IS NOT NULL);
CREATE INDEX ix_logs_task_run ON logs USING btree (workspace_id, task_run_id, id) WHERE (task_run_id IS NOT NULL);
CREATE INDEX ix_logs_time ON logs USING btree (workspace_id, "timestamp", id);
CREATE INDEX ix_task_run_tags_run ON task_run_tags USING btree (workspace_id, task_run_id);
CREATE INDEX ix_task_runs_flow_run ON task_runs USING btree (workspace_id, flow_run_id, id, state_type);
CREATE INDEX ix_task_runs_owner ON task_runs USING btree (workspace_id, owner) WHERE (owner IS NOT NULL);
CREATE INDEX ix_task_runs_start ON task_runs USING btree (workspace_id, start_time, id);
CREATE INDEX ix_task_runs_state_name ON task_runs USING btree (workspace_id, state_name, id) WHERE (state_name <> 'Completed'::text);
CREATE INDEX ix_task_runs_state_type ON task_runs USING btree (workspace_id, state_type, id) WHERE ((state_type)::text <> 'COMPLETED'::text);
CREATE INDEX ix_task_runs_task ON task_runs USING btree (workspace_id, task_key, id);
CREATE UNIQUE INDEX uq_flow_runs_idempotency_key ON flow_runs USING btree (workspace_id, flow_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);
ALTER TABLE ONLY flow_runs
    ADD CONSTRAINT flow_runs_workspace_id_flow_id_fkey FOREIGN KEY (workspace_id, flow_id) REFERENCES flows(workspace_id, id);
