BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE flow_run_tags (
	workspace_id INTEGER NOT NULL, 
	tag TEXT NOT NULL, 
	flow_run_id CHAR(32) NOT NULL, 
	PRIMARY KEY (workspace_id, tag, flow_run_id)
);
INSERT INTO "flow_run_tags" VALUES(1,'nightly','01a1fbae7b3377da976aeb8ebcafdaca');
CREATE TABLE flow_runs (
	workspace_id INTEGER NOT NULL, 
	id CHAR(32) NOT NULL, 
	flow_id CHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	created BIGINT NOT NULL, 
	state_type VARCHAR(16) NOT NULL, 
	state_name TEXT NOT NULL, 
	states TEXT NOT NULL, 
	parameters TEXT, 
	tags TEXT, 
	run_count INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	lease_owner TEXT, 
	lease_expires BIGINT, 
	parent_flow_run_id CHAR(32), 
	parent_task_run_id CHAR(32), 
	upstreams TEXT, 
	flow_version TEXT, 
	retries INTEGER NOT NULL, 
	recoveries INTEGER NOT NULL, 
	idempotency_key TEXT, 
	expected_start BIGINT, 
	start_time BIGINT, 
	end_time BIGINT, 
	run_seconds FLOAT NOT NULL, 
	error TEXT, 
	result TEXT, 
	verdicts TEXT, 
	PRIMARY KEY (workspace_id, id), 
	FOREIGN KEY(workspace_id, flow_id) REFERENCES flows (workspace_id, id)
);
INSERT INTO "flow_runs" VALUES(1,'01a1fbae7b3377da976aeb8ebcafdaca','01a1fbae7b3c7e8cb0ea15f69cd5616b','brave-otter',1795223878461209,'COMPLETED','Completed','[["PENDING","Pending","2026-11-21T01:17:58.451592Z",null,null],["RUNNING","Running","2026-11-21T01:17:58.451486Z",null,null],["COMPLETED","Completed","2026-11-21T01:17:58.466412Z",null,null]]','{"n":1}','["nightly"]',1,1,'here:1:first',NULL,NULL,NULL,NULL,NULL,0,0,NULL,1795223878451592,1795223878451486,1795223878466412,0.014926,NULL,NULL,NULL);
INSERT INTO "flow_runs" VALUES(1,'01a1fbae7b33798ea11a9e6662fa27b5','01a1fbae7b3e76bb8de7bfe6c5318148','brave-otter',1795223878462468,'FAILED','Failed','[["PENDING","Pending","2026-11-21T01:17:58.451601Z",null,null],["RUNNING","Running","2026-11-21T01:17:58.451596Z",null,null],["FAILED","Failed","2026-11-21T01:17:58.467646Z",null,null]]',NULL,NULL,1,1,'here:1:first',NULL,NULL,NULL,NULL,NULL,0,0,'once',1795223878451601,1795223878451596,1795223878467646,0.01605,NULL,NULL,NULL);
INSERT INTO "flow_runs" VALUES(1,'01a1fbae7b3379a78f4e129564b0488c','01a1fbae7b3c7e8cb0ea15f69cd5616b','brave-otter',1795223878463061,'RUNNING','Running','[["PENDING","Pending","2026-11-21T01:17:58.451605Z",null,null],["RUNNING","Running","2026-11-21T01:17:58.451602Z",null,null]]',NULL,NULL,1,1,'here:1:first',1795223923463061,NULL,NULL,NULL,NULL,0,0,NULL,1795223878451605,1795223878451602,NULL,0.0,NULL,NULL,NULL);
CREATE TABLE flows (
	workspace_id INTEGER NOT NULL, 
	id CHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	created BIGINT NOT NULL, 
	tags TEXT, 
	PRIMARY KEY (workspace_id, id), 
	CONSTRAINT uq_flows_name UNIQUE (workspace_id, name)
);
INSERT INTO "flows" VALUES(1,'01a1fbae7b3c7e8cb0ea15f69cd5616b','hello',1795223878460918,NULL);
INSERT INTO "flows" VALUES(1,'01a1fbae7b3e76bb8de7bfe6c5318148','other',1795223878462426,NULL);
CREATE TABLE journals (
	workspace_id INTEGER NOT NULL, 
	owner TEXT NOT NULL, 
	number BIGINT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	updated BIGINT NOT NULL, 
	PRIMARY KEY (workspace_id, owner)
);
INSERT INTO "journals" VALUES(1,'here:1:first',1,'2 2026-11-20T12:00:00+00:00 2026-11-20T12:00:00+00:00',1795223878465338);
CREATE TABLE logs (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	workspace_id INTEGER NOT NULL, 
	timestamp BIGINT NOT NULL, 
	level INTEGER NOT NULL, 
	logger TEXT NOT NULL, 
	message TEXT NOT NULL, 
	flow_run_id CHAR(32), 
	task_run_id CHAR(32)
);
INSERT INTO "logs" VALUES(1,1,1795176000000000,20,'penstock.flow_runs','ÄRGER','01a1fbae7b3377da976aeb8ebcafdaca',NULL);
INSERT INTO "logs" VALUES(2,1,1795176000000000,20,'penstock.flow_runs','hello',NULL,'01a1fbae7b3f7722ac6343d46d9f09db');
CREATE TABLE task_run_tags (
	workspace_id INTEGER NOT NULL, 
	tag TEXT NOT NULL, 
	task_run_id CHAR(32) NOT NULL, 
	PRIMARY KEY (workspace_id, tag, task_run_id)
);
INSERT INTO "task_run_tags" VALUES(1,'x','01a1fbae7b3f76c5a8f614771cc809dd');
CREATE TABLE task_runs (
	workspace_id INTEGER NOT NULL, 
	id CHAR(32) NOT NULL, 
	flow_run_id CHAR(32), 
	flow_run_attempt INTEGER NOT NULL, 
	parent_task_run_id CHAR(32), 
	task_key TEXT NOT NULL, 
	task_name TEXT NOT NULL, 
	name TEXT NOT NULL, 
	tags TEXT, 
	upstreams TEXT, 
	state_type VARCHAR(16) NOT NULL, 
	state_name TEXT NOT NULL, 
	state_count INTEGER NOT NULL, 
	states TEXT NOT NULL, 
	run_count INTEGER NOT NULL, 
	retries INTEGER NOT NULL, 
	start_time BIGINT, 
	end_time BIGINT, 
	run_seconds FLOAT NOT NULL, 
	cache_key TEXT, 
	result TEXT, 
	error TEXT, 
	owner TEXT, 
	PRIMARY KEY (workspace_id, id)
);
INSERT INTO "task_runs" VALUES(1,'01a1fbae7b3f76c5a8f614771cc809dd','01a1fbae7b3377da976aeb8ebcafdaca',1,NULL,'module.double','double','double-0','["x"]',NULL,'COMPLETED','Completed',3,'[["PENDING","Pending","2026-11-20T12:00:00Z",null,null],["RUNNING","Running","2026-11-20T12:00:01Z",null,null],["COMPLETED","Completed","2026-11-20T12:00:02Z",null,null]]',1,0,1795176001000000,1795176002000000,1.0,NULL,NULL,NULL,NULL);
INSERT INTO "task_runs" VALUES(1,'01a1fbae7b3f76f998be3f36dba6605a','01a1fbae7b33798ea11a9e6662fa27b5',1,NULL,'module.double','double','double-0',NULL,NULL,'FAILED','Failed',2,'[["RUNNING","Running","2026-11-20T12:00:00Z",null,null],["FAILED","Failed","2026-11-20T12:00:01Z",null,null]]',1,0,1795176000000000,1795176001000000,1.0,NULL,NULL,NULL,NULL);
INSERT INTO "task_runs" VALUES(1,'01a1fbae7b3f7722ac6343d46d9f09db',NULL,0,NULL,'module.double','double','double-0',NULL,NULL,'COMPLETED','Completed',3,'[["PENDING","Pending","2026-11-20T12:00:00Z",null,null],["RUNNING","Running","2026-11-20T12:00:01Z",null,null],["COMPLETED","Completed","2026-11-20T12:00:02Z",null,null]]',1,0,1795176001000000,1795176002000000,1.0,NULL,NULL,NULL,NULL);
CREATE INDEX ix_flow_run_tags_run ON flow_run_tags (workspace_id, flow_run_id);
CREATE INDEX ix_task_runs_start ON task_runs (workspace_id, start_time, id);
CREATE INDEX ix_task_runs_task ON task_runs (workspace_id, task_key, id);
CREATE INDEX ix_task_runs_owner ON task_runs (workspace_id, owner) WHERE owner IS NOT NULL;
CREATE INDEX ix_task_runs_state_type ON task_runs (workspace_id, state_type, id) WHERE state_type <> 'COMPLETED';
CREATE INDEX ix_task_runs_state_name ON task_runs (workspace_id, state_name, id) WHERE state_name <> 'Completed';
CREATE INDEX ix_task_runs_flow_run ON task_runs (workspace_id, flow_run_id, id, state_type);
CREATE INDEX ix_task_run_tags_run ON task_run_tags (workspace_id, task_run_id);
CREATE INDEX ix_logs_task_run ON logs (workspace_id, task_run_id, id) WHERE task_run_id IS NOT NULL;
CREATE INDEX ix_logs_time ON logs (workspace_id, timestamp, id);
CREATE INDEX ix_logs_flow_run ON logs (workspace_id, flow_run_id, id) WHERE flow_run_id IS NOT NULL;
CREATE INDEX ix_flow_runs_name ON flow_runs (workspace_id, name, id);
CREATE INDEX ix_flow_runs_children ON flow_runs (workspace_id, parent_flow_run_id, id) WHERE parent_flow_run_id IS NOT NULL;
CREATE INDEX ix_flow_runs_state_type ON flow_runs (workspace_id, state_type, id);
CREATE INDEX ix_flow_runs_state_name ON flow_runs (workspace_id, state_name, id);
CREATE INDEX ix_flow_runs_live ON flow_runs (workspace_id, lease_expires) WHERE lease_expires IS NOT NULL;
CREATE INDEX ix_flow_runs_start ON flow_runs (workspace_id, start_time, id);
CREATE UNIQUE INDEX uq_flow_runs_idempotency_key ON flow_runs (workspace_id, flow_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX ix_flow_runs_roots ON flow_runs (workspace_id, id) WHERE parent_flow_run_id IS NULL;
CREATE INDEX ix_flow_runs_flow ON flow_runs (workspace_id, flow_id, id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('logs',2);
COMMIT;
