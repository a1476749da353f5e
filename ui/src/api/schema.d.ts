// Made by scripts/ui-schema from the server's OpenAPI document.
export interface paths {
    "/api/audit/filter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a page of the audit, newest first.
         * @description Return a page of the audit, newest first.
         */
        post: operations["audit_list"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backfills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a deployment run for every instant of a past range; the same id again gives the first backfill back.
         * @description Have a deployment run for every instant of a past range; the same id again gives the first backfill back.
         */
        post: operations["backfills_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backfills/filter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a page of backfills, newest first.
         * @description Return a page of backfills, newest first.
         */
        post: operations["backfills_list"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backfills/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a backfill, and how far it is.
         * @description Return a backfill, and how far it is.
         */
        get: operations["backfills_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backfills/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a backfill make no more runs, and cancel those of them that wait; those that have begun go on.
         * @description Have a backfill make no more runs, and cancel those of them that wait; those that have begun go on.
         */
        post: operations["backfills_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deployments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a deployment, or change the one of that flow and name. What changes nothing makes no version.
         * @description Make a deployment, or change the one of that flow and name. What changes nothing makes no version.
         */
        post: operations["deployments_apply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deployments/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return how many deployments there are; the count stops at 10,000 and says so.
         * @description Return how many deployments there are; the count stops at 10,000 and says so.
         */
        post: operations["deployments_count"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deployments/filter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a page of deployments, by the names of their flows and their own.
         * @description Return a page of deployments, by the names of their flows and their own.
         */
        post: operations["deployments_list"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deployments/name": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return the deployment with these names.
         * @description Return the deployment with these names.
         */
        post: operations["deployments_read_by_name"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deployments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a deployment.
         * @description Return a deployment.
         */
        get: operations["deployments_read"];
        put?: never;
        post?: never;
        /**
         * Delete a deployment with its versions, schedules and backfills, and those of its runs that have not begun.
         * @description Delete a deployment with its versions, schedules and backfills, and those of its runs that have not begun.
         *
         *     Runs that have begun or ended stay, and go on naming it. Where many runs wait, they are deleted first, a part at a time:
         *     whoever looks meanwhile sees a deployment with fewer of them.
         */
        delete: operations["deployments_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deployments/{id}/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have runs go by a version of a deployment: a newer one that was held back, or an earlier one again.
         * @description Have runs go by a version of a deployment: a newer one that was held back, or an earlier one again.
         */
        post: operations["deployments_promote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deployments/{id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a run of a deployment; the same id or key again gives the first one back.
         * @description Make a run of a deployment; the same id or key again gives the first one back.
         */
        post: operations["deployments_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deployments/{id}/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change some of what a deployment says; what is left out stays as it is. It makes a version.
         * @description Change some of what a deployment says; what is left out stays as it is. It makes a version.
         */
        post: operations["deployments_update"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deployments/{id}/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a version of a deployment.
         * @description Return a version of a deployment.
         */
        post: operations["deployments_read_version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deployments/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a page of a deployment's versions, newest first.
         * @description Return a page of a deployment's versions, newest first.
         */
        post: operations["deployments_versions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write events; those that are known by their id already are left as they are.
         * @description Write events; those that are known by their id already are left as they are.
         */
        post: operations["events_append"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/filter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a page of events in the order they were recorded in, or by their time where the filter bounds that.
         * @description Return a page of events in the order they were recorded in, or by their time where the filter bounds that.
         *
         *     By several names, by the beginning of one, or by what they relate to, events are searched for: that looks at a bounded
         *     number of them for one page, which may be short of events, or empty, and still have a `next`. Events of task runs
         *     (`penstock.task-run.*`, or of resources that begin so) are derived from the records, and listed by themselves: run by run.
         */
        post: operations["events_list"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow events as server-sent events.
         * @description Which events are followed; all conditions must hold. `Last-Event-ID` resumes a stream after the message of that id.
         */
        get: operations["events_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a flow run, and start it at once if that is asked; the same id or key again gives the first one back.
         * @description Make a flow run, and start it at once if that is asked; the same id or key again gives the first one back.
         */
        post: operations["flow_runs_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel the flow runs that have not ended, or count them first: one that a process runs is told to end.
         * @description Cancel the flow runs that have not ended, or count them first: one that a process runs is told to end.
         */
        post: operations["flow_runs_cancel_many"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a worker runs that are due, each under a higher attempt; it is told what of its own is to be cancelled.
         * @description Give a worker runs that are due, each under a higher attempt; it is told what of its own is to be cancelled.
         */
        post: operations["flow_runs_claim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return how many flow runs there are; the count stops at 10,000 and says so.
         * @description Return how many flow runs there are; the count stops at 10,000 and says so.
         */
        post: operations["flow_runs_count"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete flow runs with everything recorded of them and of the runs they called, or count them first.
         * @description Delete flow runs with everything recorded of them and of the runs they called, or count them first.
         */
        post: operations["flow_runs_delete_many"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/filter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a page of flow runs.
         * @description Return a page of flow runs.
         */
        post: operations["flow_runs_list"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/histogram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return how many flow runs there were over time, by the type of their state; the newest 200,000 are counted.
         * @description Return how many flow runs there were over time, by the type of their state; the newest 200,000 are counted.
         */
        post: operations["flow_runs_histogram"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/leases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let the leases of a living process last longer; return those it no longer has, and what it is to cancel.
         * @description Let the leases of a living process last longer; return those it no longer has, and what it is to cancel.
         *
         *     The process of an attempt that is no longer the live one has none, whatever it claims.
         */
        post: operations["flow_runs_renew_leases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/set_state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have flow runs enter a state, as far as the rules let a person do that, or count them first.
         * @description Have flow runs enter a state, as far as the rules let a person do that, or count them first.
         */
        post: operations["flow_runs_set_state_many"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow flow runs as server-sent events.
         * @description Which flow runs are followed; all conditions must hold. A deletion is told to all who do not follow certain ids. `Last-Event-ID` resumes a stream after the message of that id.
         */
        get: operations["flow_runs_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a flow run with its history, and what it waits for where it is paused.
         * @description Return a flow run with its history, and what it waits for where it is paused.
         */
        get: operations["flow_runs_read"];
        put?: never;
        post?: never;
        /**
         * Delete a flow run, the flow runs it called, their task runs and their log lines.
         * @description Delete a flow run, the flow runs it called, their task runs and their log lines.
         *
         *     The run is gone from every list at once. What was recorded of a large one goes in many small transactions; what is left
         *     after some seconds, the server deletes by and by.
         */
        delete: operations["flow_runs_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/{id}/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return how many task runs of a flow run are in each type of state; each count stops at 10,000 and says so.
         * @description Return how many task runs of a flow run are in each type of state; each count stops at 10,000 and says so.
         */
        get: operations["flow_runs_counts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/{id}/graph": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return how the runs within a flow run hang together, in a bounded number of nodes and edges.
         * @description Return how the runs within a flow run hang together, in a bounded number of nodes and edges.
         */
        post: operations["flow_runs_graph"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/{id}/hand_back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a run back that a worker has claimed and not started: it is due again, at once or later.
         * @description Take a run back that a worker has claimed and not started: it is due again, at once or later.
         */
        post: operations["flow_runs_hand_back"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/{id}/inputs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell a flow run something, whatever state it is in; under a key that is known, nothing new is told.
         * @description Tell a flow run something, whatever state it is in; under a key that is known, nothing new is told.
         */
        post: operations["flow_runs_send_input"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/{id}/inputs/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete something that a flow run was told.
         * @description Delete something that a flow run was told.
         */
        post: operations["flow_runs_delete_input"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/{id}/inputs/filter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return what a flow run was told, in its order.
         * @description Return what a flow run was told, in its order.
         */
        post: operations["flow_runs_list_inputs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return how a pause of a flow run stands, with the input that it was resumed with.
         * @description Return how a pause of a flow run stands, with the input that it was resumed with.
         */
        post: operations["flow_runs_read_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/{id}/propose": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide on a proposed state and write it if it is accepted.
         * @description Decide on a proposed state and write it if it is accepted.
         */
        post: operations["flow_runs_propose"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/{id}/rerun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a run repeated by a new one, by what its deployment says now; the same new id again gives the first one back.
         * @description Have a run repeated by a new one, by what its deployment says now; the same new id again gives the first one back.
         */
        post: operations["flow_runs_rerun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a paused flow run go on, with the input that it waits for, and record who wanted it.
         * @description Have a paused flow run go on, with the input that it waits for, and record who wanted it.
         */
        post: operations["flow_runs_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a flow run that a deployment made, and that has ended, carried out again, and record who wanted it.
         * @description Have a flow run that a deployment made, and that has ended, carried out again, and record who wanted it.
         */
        post: operations["flow_runs_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow_runs/{id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a flow run to a process under a lease, if it may be started: under a higher attempt, or the one claimed for it.
         * @description Give a flow run to a process under a lease, if it may be started: under a higher attempt, or the one claimed for it.
         */
        post: operations["flow_runs_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flows/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return how many flows there are; the count stops at 10,000 and says so.
         * @description Return how many flows there are; the count stops at 10,000 and says so.
         */
        post: operations["flows_count"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flows/filter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a page of flows.
         * @description Return a page of flows.
         */
        post: operations["flows_list"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flows/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a flow.
         * @description Return a flow.
         */
        get: operations["flows_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Say that the server lives. */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write a batch; sent again, whole or in parts, it changes nothing more.
         * @description Write a batch; sent again, whole or in parts, it changes nothing more.
         *
         *     Records of a flow run's stale attempt are left out, and so are those of one that is deleted.
         */
        post: operations["journal_append"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs/around": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a line with those that the same run logged before it and after it.
         * @description Return a line with those that the same run logged before it and after it.
         */
        post: operations["logs_around"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download logs: all of it, in one file.
         * @description Which log lines are downloaded; all conditions must hold.
         */
        get: operations["logs_download"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs/filter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a page of log lines: those of certain runs in the order they arrived, others by their time.
         * @description Return a page of log lines: those of certain runs in the order they arrived, others by their time.
         *
         *     A reader that follows a run from page to page thus misses no line that came late. A search looks at a bounded number
         *     of lines for one page, which may be short of lines, or empty, and still have a `next`.
         */
        post: operations["logs_list"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow logs as server-sent events.
         * @description Which log lines are followed; all conditions must hold. `Last-Event-ID` resumes a stream after the message of that id.
         */
        get: operations["logs_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/loops": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the loops of the servers on this database, and which server runs them.
         * @description Return the loops of the servers on this database, and which server runs them.
         */
        get: operations["loops_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Say whether the server can do its work: its database answers. */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules/upcoming": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return at which instants a schedule falls; nothing is made.
         * @description Return at which instants a schedule falls; nothing is made.
         */
        post: operations["schedules_upcoming"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/server": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what the server is: its version, its database and what takes space there, and how long things are kept.
         * @description Return what the server is: its version, its database and what takes space there, and how long things are kept.
         *
         *     A database that is so large that measuring its tables takes seconds is measured as a whole alone.
         */
        get: operations["servers_info"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/task_runs/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return how many task runs there are; the count stops at 10,000 and says so.
         * @description Return how many task runs there are; the count stops at 10,000 and says so.
         */
        post: operations["task_runs_count"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/task_runs/filter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a page of task runs.
         * @description Return a page of task runs.
         */
        post: operations["task_runs_list"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/task_runs/histogram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return how many task runs started over time, by the type of their state; the newest 200,000 are counted.
         * @description Return how many task runs started over time, by the type of their state; the newest 200,000 are counted.
         */
        post: operations["task_runs_histogram"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/task_runs/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow task runs as server-sent events.
         * @description Which task runs are followed; all conditions must hold. `Last-Event-ID` resumes a stream after the message of that id.
         */
        get: operations["task_runs_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/task_runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a task run.
         * @description Return a task run.
         */
        get: operations["task_runs_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/task_runs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the events that tell of a task run's states: derived from its record, so they have no position.
         * @description Return the events that tell of a task run's states: derived from its record, so they have no position.
         */
        get: operations["task_runs_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Say which version of Penstock the server is. */
        get: operations["version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Save a view of a list.
         * @description Save a view of a list.
         */
        post: operations["views_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/views/filter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a page of the saved views of a list, by name.
         * @description Return a page of the saved views of a list, by name.
         */
        post: operations["views_list"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/views/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a saved view.
         * @description Return a saved view.
         */
        get: operations["views_read"];
        put?: never;
        post?: never;
        /**
         * Delete a saved view.
         * @description Delete a saved view.
         */
        delete: operations["views_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/views/{id}/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the name or the filter of a saved view.
         * @description Change the name or the filter of a saved view.
         */
        post: operations["views_update"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/work_pools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a work pool with its default queue.
         * @description Make a work pool with its default queue.
         */
        post: operations["work_pools_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/work_pools/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete a work pool with its queues. Its runs that wait stay Scheduled, until there is one of its name again.
         * @description Delete a work pool with its queues. Its runs that wait stay Scheduled, until there is one of its name again.
         */
        post: operations["work_pools_delete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/work_pools/filter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a page of work pools, by name.
         * @description Return a page of work pools, by name.
         */
        post: operations["work_pools_list"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/work_pools/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a work pool.
         * @description Return a work pool.
         */
        post: operations["work_pools_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/work_pools/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change a work pool.
         * @description Change a work pool.
         */
        post: operations["work_pools_update"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/work_queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a queue of a work pool, or change the one of that name to this.
         * @description Make a queue of a work pool, or change the one of that name to this.
         */
        post: operations["work_queues_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/work_queues/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete a queue. Its runs that wait go to the default queue of the pool.
         * @description Delete a queue. Its runs that wait go to the default queue of the pool.
         */
        post: operations["work_queues_delete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/work_queues/filter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a page of queues, by pool, priority and name.
         * @description Return a page of queues, by pool, priority and name.
         */
        post: operations["work_queues_list"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/work_queues/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a queue.
         * @description Return a queue.
         */
        post: operations["work_queues_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/work_queues/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change a queue.
         * @description Change a queue.
         */
        post: operations["work_queues_update"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workers/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forget a worker, as one that ends does for itself. What it holds is taken back once its leases end.
         * @description Forget a worker, as one that ends does for itself. What it holds is taken back once its leases end.
         */
        post: operations["workers_delete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workers/filter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a page of workers, those heard of last first.
         * @description Return a page of workers, those heard of last first.
         */
        post: operations["workers_list"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workers/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Note that a worker lives, and let its claims last longer. The first one makes it known, and its pool if there is none.
         * @description Note that a worker lives, and let its claims last longer. The first one makes it known, and its pool if there is none.
         */
        post: operations["workers_heartbeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Anew
         * @description A part of a flow run that is carried out anew: no result of before a certain attempt counts for it.
         *
         *     Attributes:
         *         attempt: the first attempt whose results count.
         *         call: names the task or subflow that is carried out anew, with what depends on it and what it calls; None for all.
         *         callers: names of tasks that call it, and run again for its sake.
         */
        Anew: {
            attempt: number;
            /** @default null */
            call?: string | null;
            /** @default [] */
            callers?: string[];
        };
        /**
         * ApplyDeployment
         * @description Make a deployment, or change the one of that flow and name. What changes nothing makes no version.
         *
         *     Attributes:
         *         spec: what it is to say.
         *         author: who says so, where the server does not know: it is what a client claims, and shown as that.
         *         note: why, in a few words.
         *         promote: whether runs go by the new version at once; the first version is always promoted.
         *         keep_schedules: whether schedules and pauses stay as they are, whatever `spec` says.
         */
        ApplyDeployment: {
            /** @default null */
            author?: string | null;
            /** @default false */
            keep_schedules?: boolean;
            /** @default null */
            note?: string | null;
            /** @default true */
            promote?: boolean;
            spec: components["schemas"]["DeploymentSpec"];
        };
        /**
         * AuditLine
         * @description Who did what.
         *
         *     Attributes:
         *         id: its id, in the order of time.
         *         occurred: when; UTC.
         *         principal: who.
         *         action: the name of the operation.
         *         affected: how many objects it touched.
         *         details: what was asked for.
         */
        AuditLine: {
            action: string;
            affected: number;
            /** @default {} */
            details?: Record<string, unknown>;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            occurred: string;
            principal: string;
        };
        /**
         * AuditPage
         * @description Some lines of the audit, and where the next page begins.
         */
        AuditPage: {
            items: components["schemas"]["AuditLine"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * AuditQuery
         * @description A page of the audit, newest first. `after` is the `next` of the page before.
         */
        AuditQuery: {
            /** @default null */
            after?: string | null;
            /** @default 50 */
            limit?: number;
        };
        /**
         * Backfill
         * @description A backfill, as the server knows it.
         *
         *     Attributes:
         *         request: what was asked for.
         *         status: how far it is.
         *         created: when it was asked for.
         *         author: who asked.
         *         total: how many instants its range has.
         *         made: for how many of them there are runs.
         *         by_type: how many of these are in a state of each type.
         *         ended: when the last of its runs had ended, or it was cancelled.
         */
        Backfill: {
            author: string;
            /** @default {} */
            by_type?: {
                [key: string]: number;
            };
            /** Format: date-time */
            created: string;
            /** @default null */
            ended?: string | null;
            made: number;
            request: components["schemas"]["BackfillCreate"];
            status: components["schemas"]["BackfillStatus"];
            total: number;
        };
        /**
         * BackfillCreate
         * @description Run a deployment for every instant of a range. Creating one twice with the same id gives the first one back.
         *
         *     Attributes:
         *         id: made by the client.
         *         deployment_id: the deployment.
         *         start: the first instant.
         *         end: the end of the range, which is not in it.
         *         schedule_slug: one of the deployment's schedules; may be left out where it has only one.
         *         schedule: another schedule instead.
         *         concurrency: how many of its runs may be under way at once.
         *         parameters: over those of the deployment and the schedule, by name.
         *         instant_parameter: the parameter that each run is given its instant in, as ISO 8601; by default none.
         *         newest_first: whether it begins with the end of the range.
         *         dry_run: only say how many runs there would be.
         */
        BackfillCreate: {
            /** @default 1 */
            concurrency?: number;
            /** Format: uuid */
            deployment_id: string;
            /** @default false */
            dry_run?: boolean;
            /** Format: date-time */
            end: string;
            /** Format: uuid */
            id: string;
            /** @default null */
            instant_parameter?: string | null;
            /** @default false */
            newest_first?: boolean;
            /** @default {} */
            parameters?: Record<string, unknown>;
            /** @default null */
            schedule?: (components["schemas"]["CronSchedule"] | components["schemas"]["IntervalSchedule"] | components["schemas"]["RRuleSchedule"]) | null;
            /** @default null */
            schedule_slug?: string | null;
            /** Format: date-time */
            start: string;
        };
        /**
         * BackfillPage
         * @description Some backfills, and where the next page begins.
         */
        BackfillPage: {
            items: components["schemas"]["Backfill"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * BackfillQuery
         * @description A page of backfills, newest first. `after` is the `next` of the page before.
         *
         *     Attributes:
         *         deployment_ids: of these deployments; by default of all.
         *         statuses: in one of these; by default in any.
         *         limit: how many.
         *         after: where the page begins.
         */
        BackfillQuery: {
            /** @default null */
            after?: string | null;
            /** @default null */
            deployment_ids?: string[] | null;
            /** @default 50 */
            limit?: number;
            /** @default null */
            statuses?: components["schemas"]["BackfillStatus"][] | null;
        };
        /**
         * BackfillStatus
         * @description How far a backfill is.
         * @enum {unknown}
         */
        BackfillStatus: "CANCELLED" | "COMPLETED" | "RUNNING";
        /**
         * Bucket
         * @description Runs of one stretch of time.
         *
         *     Attributes:
         *         start: where it begins; it ends where the next one begins.
         *         by_type: how many runs are in a state of each type.
         */
        Bucket: {
            by_type: {
                [key: string]: number;
            };
            /** Format: date-time */
            start: string;
        };
        /**
         * BulkOutcome
         * @description What became of an action on many flow runs.
         *
         *     Attributes:
         *         matched: how many flow runs were meant before it; the count stops at 10,000.
         *         is_capped: whether there are more.
         *         affected: how many were acted on, with the runs that were deleted along with their callers.
         *         refused: those that the rules left as they are.
         *         next: where to go on, if some are left.
         *         subflows: of a deletion, how many flow runs that were called by those that were meant go along with them.
         *         is_subflows_capped: whether there are more: they count towards the 10,000.
         */
        BulkOutcome: {
            /** @default 0 */
            affected?: number;
            /** @default false */
            is_capped?: boolean;
            /** @default false */
            is_subflows_capped?: boolean;
            matched: number;
            /** @default null */
            next?: string | null;
            /** @default [] */
            refused?: components["schemas"]["Refusal"][];
            /** @default 0 */
            subflows?: number;
        };
        /**
         * CancelFlowRuns
         * @description Cancel those of the flow runs that have not ended: where a process runs one it is told, and ends it.
         *
         *     Attributes:
         *         filter: which flow runs are meant.
         *         dry_run: only count them.
         *         limit: how many are acted on, at most 200, in the order of their making.
         *         after: the `next` of the request before, to go on with the others.
         */
        CancelFlowRuns: {
            /** @default null */
            after?: string | null;
            /** @default true */
            dry_run?: boolean;
            filter: components["schemas"]["FlowRunFilter"];
            /** @default 100 */
            limit?: number;
        };
        /**
         * ClaimRuns
         * @description A worker asks for runs that are due, and waits for them if there are none.
         *
         *     A worker asks once at a time. What it has claimed before and says nothing of in `running` has not reached it, as where
         *     an answer was lost: it is given again. Without a server nothing waits: `next_due` says when to ask again.
         *
         *     Attributes:
         *         worker_id: the worker; it must have sent a heartbeat before.
         *         queue_names: of these queues of its pool; by default of all.
         *         limit: how many it can take, at most 100; 0 to be told of cancellations only.
         *         lease_seconds: for how long its claims last, unless heartbeats renew them.
         *         wait_seconds: how long to wait for one at most; at most 60.
         *         running: what it holds, claimed or running: it is told at once when one of these is to be cancelled.
         */
        ClaimRuns: {
            /** @default 45 */
            lease_seconds?: number;
            /** @default 10 */
            limit?: number;
            /** @default null */
            queue_names?: string[] | null;
            /** @default [] */
            running?: components["schemas"]["LeaseClaim"][];
            /** @default 0 */
            wait_seconds?: number;
            worker_id: string;
        };
        /**
         * Claimed
         * @description What a worker got.
         *
         *     Attributes:
         *         runs: runs to start now, those that are to go first at the front.
         *         cancel: of what it holds, what is to be cancelled.
         *         next_due: when the next run it may claim is due, as far as one is known.
         */
        Claimed: {
            /** @default [] */
            cancel?: components["schemas"]["LeaseClaim"][];
            /** @default null */
            next_due?: string | null;
            /** @default [] */
            runs?: components["schemas"]["ClaimedRun"][];
        };
        /**
         * ClaimedRun
         * @description A run that a worker has claimed: it is Pending, and nobody else's until the lease ends.
         *
         *     Attributes:
         *         flow_run: the run, with its attempt.
         *         deployment: how it is run, as the version says that the run goes by; without its schedules.
         *         job_variables: those of the deployment, the schedule and the run, the last one counting.
         *         token: what its process shows instead of a key; None where the server asks for none.
         */
        ClaimedRun: {
            deployment: components["schemas"]["Deployment"];
            flow_run: components["schemas"]["FlowRun"];
            /** @default {} */
            job_variables?: Record<string, unknown>;
            /** @default null */
            token?: string | null;
        };
        /**
         * CollisionStrategy
         * @description What becomes of a run that is due while its deployment runs as often as it may.
         * @enum {unknown}
         */
        CollisionStrategy: "CANCEL_NEW" | "ENQUEUE";
        /**
         * Count
         * @description How many there are.
         *
         *     Attributes:
         *         count: the number, which stops at 10,000.
         *         is_capped: whether there are more.
         */
        Count: {
            count: number;
            /** @default false */
            is_capped?: boolean;
        };
        /**
         * CronSchedule
         * @description Due whenever a clock on a wall fits a cron expression.
         *
         *     Attributes:
         *         cron: five fields, or one of `@hourly`, `@daily` and their like.
         *         timezone: where the clock hangs, as the IANA names it.
         *         day_or: where both days of the month and days of the week are named, whether either is enough.
         */
        CronSchedule: {
            cron: string;
            /** @default true */
            day_or?: boolean;
            /** @default UTC */
            timezone?: string;
            /** @enum {unknown} */
            type: "cron";
        };
        /**
         * DatabaseInfo
         * @description The database.
         *
         *     Attributes:
         *         kind: which kind it is of.
         *         place: its address, without secrets.
         *         revision: the schema it has.
         *         bytes: what it takes on the disk.
         *         tables: what takes that, the largest first; null where it is so large that it takes too long to look.
         */
        DatabaseInfo: {
            bytes: number;
            /** @enum {unknown} */
            kind: "postgresql" | "sqlite";
            place: string;
            revision: string;
            /** @default null */
            tables?: components["schemas"]["TableLine"][] | null;
        };
        /**
         * Decision
         * @description What became of a proposed state.
         * @enum {unknown}
         */
        Decision: "ABORT" | "ACCEPT" | "REJECT" | "WAIT";
        /**
         * DeleteFlowRuns
         * @description Delete flow runs, with everything recorded of them and of the runs they called.
         *
         *     Attributes:
         *         filter: which flow runs are meant.
         *         dry_run: only count them.
         *         limit: how many are acted on, at most 200, in the order of their making.
         *         after: the `next` of the request before, to go on with the others.
         */
        DeleteFlowRuns: {
            /** @default null */
            after?: string | null;
            /** @default true */
            dry_run?: boolean;
            filter: components["schemas"]["FlowRunFilter"];
            /** @default 100 */
            limit?: number;
        };
        /**
         * Deployment
         * @description A deployment, as the server knows it.
         *
         *     Attributes:
         *         id: made by the server.
         *         flow_id: the flow.
         *         spec: what its present version says.
         *         version_number: which version that is, from 1.
         *         newest_version: the number of the newest one; a greater one has not been promoted.
         *         schedules: its schedules, with what is known of each.
         *         created: when it was made.
         *         updated: when its present version became that.
         *         last_polled: when somebody last asked for runs of it; None before that.
         */
        Deployment: {
            /** Format: date-time */
            created: string;
            /** Format: uuid */
            flow_id: string;
            /** Format: uuid */
            id: string;
            /** @default null */
            last_polled?: string | null;
            newest_version: number;
            /** @default [] */
            schedules?: components["schemas"]["DeploymentSchedule"][];
            spec: components["schemas"]["DeploymentSpec"];
            /** Format: date-time */
            updated: string;
            version_number: number;
        };
        /**
         * DeploymentByName
         * @description One deployment, by the names of its flow and its own.
         */
        DeploymentByName: {
            flow_name: string;
            name: string;
        };
        /**
         * DeploymentChanges
         * @description What is to be different in a deployment; what is left out stays as it is. It makes a version.
         *
         *     Attributes:
         *         id: the deployment.
         *         author: who says so, as in `ApplyDeployment`.
         *         note: why, in a few words.
         *         expected_version: refuse it where the present version is another one, as somebody else was quicker.
         *         parameters: instead of those there are.
         *         tags: instead of those there are.
         *         description: instead of what there is.
         *         work_pool_name: another pool.
         *         work_queue_name: another queue.
         *         job_variables: instead of those there are.
         *         concurrency_limit: another limit; None for none.
         *         collision_strategy: another one.
         *         enforce_parameter_schema: whether it is enforced.
         *         paused: whether all its schedules rest.
         *         schedules: instead of those there are.
         */
        DeploymentChanges: {
            /** @default null */
            author?: string | null;
            collision_strategy?: components["schemas"]["CollisionStrategy"];
            concurrency_limit?: number | null;
            description?: string | null;
            enforce_parameter_schema?: boolean;
            /** @default null */
            expected_version?: number | null;
            job_variables?: Record<string, unknown>;
            /** @default null */
            note?: string | null;
            parameters?: Record<string, unknown>;
            paused?: boolean;
            schedules?: components["schemas"]["ScheduleSpec"][];
            tags?: string[];
            work_pool_name?: string | null;
            work_queue_name?: string | null;
        };
        /**
         * DeploymentCountQuery
         * @description How many deployments there are.
         */
        DeploymentCountQuery: {
            filter?: components["schemas"]["DeploymentFilter"];
        };
        /**
         * DeploymentFilter
         * @description Which deployments are meant; all conditions must hold. One that is left out always holds, an empty list never does.
         *
         *     Attributes:
         *         ids: one of these.
         *         flow_ids: of one of these flows.
         *         flow_names: of one of these flows, by name.
         *         names: one of these names.
         *         text: the name or that of its flow contains this text, upper and lower case alike.
         *         tags_all: with every one of these tags; an empty list always holds.
         *         work_pool_names: in one of these pools.
         *         work_queue_names: in one of these queues.
         *         paused: whether it is paused.
         *         all: each of these holds as well; an empty list always holds.
         *         any: at least one of these holds as well.
         *         not_: this does not hold; `not` in JSON.
         */
        DeploymentFilter: {
            /** @default null */
            all?: components["schemas"]["DeploymentFilter"][] | null;
            /** @default null */
            any?: components["schemas"]["DeploymentFilter"][] | null;
            /** @default null */
            flow_ids?: string[] | null;
            /** @default null */
            flow_names?: string[] | null;
            /** @default null */
            ids?: string[] | null;
            /** @default null */
            names?: string[] | null;
            /** @default null */
            not?: components["schemas"]["DeploymentFilter"] | null;
            /** @default null */
            paused?: boolean | null;
            /** @default null */
            tags_all?: string[] | null;
            /** @default null */
            text?: string | null;
            /** @default null */
            work_pool_names?: string[] | null;
            /** @default null */
            work_queue_names?: string[] | null;
        };
        /**
         * DeploymentPage
         * @description Some deployments, and where the next page begins.
         */
        DeploymentPage: {
            items: components["schemas"]["Deployment"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * DeploymentQuery
         * @description A page of deployments, by the name of their flow and their own. `after` is the `next` of the page before.
         */
        DeploymentQuery: {
            /** @default null */
            after?: string | null;
            filter?: components["schemas"]["DeploymentFilter"];
            /** @default 50 */
            limit?: number;
        };
        /**
         * DeploymentRun
         * @description A run of a deployment, and whether this request made it.
         *
         *     Attributes:
         *         flow_run: the run.
         *         is_new: false where the same id or key had made it before.
         */
        DeploymentRun: {
            flow_run: components["schemas"]["FlowRun"];
            is_new: boolean;
        };
        /**
         * DeploymentSchedule
         * @description A schedule of a deployment, as the server knows it.
         *
         *     Attributes:
         *         id: stays the same while the deployment has a schedule of that slug.
         *         deployment_id: the deployment.
         *         slug: its name within the deployment.
         *         spec: what it says.
         *         scheduled_until: for which instants runs have been made or passed over.
         *         problem: why it makes no runs, where its rows or rules can't be carried out.
         */
        DeploymentSchedule: {
            /** Format: uuid */
            deployment_id: string;
            /** Format: uuid */
            id: string;
            /** @default null */
            problem?: string | null;
            /** @default null */
            scheduled_until?: string | null;
            slug: string;
            spec: components["schemas"]["ScheduleSpec"];
        };
        /**
         * DeploymentSpec
         * @description All that a version of a deployment says.
         *
         *     Attributes:
         *         flow_name: the flow, made known by this if it is new.
         *         name: unique among the deployments of the flow.
         *         entrypoint: where the flow is found in the code: `path/to/file.py:flow` or `package.module:flow`.
         *         path: the folder that relative paths begin in; what pull steps leave where there are any.
         *         pull_steps: how the code comes to where it runs; None where it is there already.
         *         parameters: what runs are called with, by name, as JSON values; schedules and callers may say otherwise.
         *         parameter_schema: the JSON Schema of the flow's parameters.
         *         enforce_parameter_schema: whether runs with other parameters are refused.
         *         tags: words that its runs bear too.
         *         description: what it is for, as Markdown.
         *         work_pool_name: where its runs are carried out; None where a process of the user's serves it.
         *         work_queue_name: which queue of that pool; by default the pool's own.
         *         job_variables: values for the pool's base job template.
         *         concurrency_limit: how many of its runs may be carried out at once; None for any number.
         *         collision_strategy: what becomes of those that are due beyond that.
         *         grace_seconds: for how long a claimed run may be on its way to run, before its slot is another's.
         *         version: a word of the user's for the version.
         *         source: which state of the code the version was made from.
         *         labels: further facts, by name.
         *         schedules: when it runs; no two with the same slug.
         *         paused: whether all its schedules rest.
         */
        DeploymentSpec: {
            /** @default ENQUEUE */
            collision_strategy?: components["schemas"]["CollisionStrategy"];
            /** @default null */
            concurrency_limit?: number | null;
            /** @default null */
            description?: string | null;
            /** @default true */
            enforce_parameter_schema?: boolean;
            /** @default null */
            entrypoint?: string | null;
            flow_name: string;
            /** @default 600 */
            grace_seconds?: number;
            /** @default {} */
            job_variables?: Record<string, unknown>;
            /** @default {} */
            labels?: {
                [key: string]: string;
            };
            name: string;
            /** @default {} */
            parameter_schema?: Record<string, unknown>;
            /** @default {} */
            parameters?: Record<string, unknown>;
            /** @default null */
            path?: string | null;
            /** @default false */
            paused?: boolean;
            /** @default null */
            pull_steps?: Record<string, unknown>[] | null;
            /** @default [] */
            schedules?: components["schemas"]["ScheduleSpec"][];
            /** @default null */
            source?: components["schemas"]["SourceVersion"] | null;
            /** @default [] */
            tags?: string[];
            /** @default null */
            version?: string | null;
            /** @default null */
            work_pool_name?: string | null;
            /** @default null */
            work_queue_name?: string | null;
        };
        /**
         * DeploymentVersion
         * @description One version of a deployment: what it said, since when, and who said so.
         *
         *     Attributes:
         *         deployment_id: the deployment.
         *         number: counts its versions, from 1.
         *         created: when it was made.
         *         author: who made it.
         *         note: what was done, in a few words, such as that an earlier version was taken back.
         *         spec: what it says.
         *         is_current: whether runs go by it.
         */
        DeploymentVersion: {
            author: string;
            /** Format: date-time */
            created: string;
            /** Format: uuid */
            deployment_id: string;
            is_current: boolean;
            note: string | null;
            number: number;
            spec: components["schemas"]["DeploymentSpec"];
        };
        /**
         * DeploymentVersionPage
         * @description Some versions of a deployment, and where the next page begins.
         */
        DeploymentVersionPage: {
            items: components["schemas"]["DeploymentVersion"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * DeploymentVersionQuery
         * @description A page of a deployment's versions, newest first. `after` is the `next` of the page before.
         */
        DeploymentVersionQuery: {
            /** @default null */
            after?: string | null;
            /** @default 50 */
            limit?: number;
        };
        /**
         * Done
         * @description The operation was carried out.
         *
         *     Attributes:
         *         affected: how many objects it touched.
         */
        Done: {
            /** @default 1 */
            affected?: number;
        };
        /**
         * Edge
         * @description What hangs together.
         *
         *     Attributes:
         *         kind: in which way.
         *         source: the number of the node, from 0, that is upstream or that calls.
         *         target: the number of the node that is downstream or is called.
         *         count: how many pairs of runs it stands for.
         */
        Edge: {
            count: number;
            kind: components["schemas"]["EdgeKind"];
            source: number;
            target: number;
        };
        /**
         * EdgeKind
         * @description How two runs hang together: one had its arguments from the other, or one called the other.
         * @enum {unknown}
         */
        EdgeKind: "CALL" | "UPSTREAM";
        /**
         * ErrorRecord
         * @description What a run failed with, as text.
         *
         *     Attributes:
         *         type: the exception's class, with its module.
         *         message: its class and text in one piece, bounded; an error of Penstock speaks for itself, without the class.
         *         traceback: the formatted traceback, bounded.
         */
        ErrorRecord: {
            message: string;
            /** @default  */
            traceback?: string;
            type: string;
        };
        /**
         * Event
         * @description Something that happened.
         *
         *     Attributes:
         *         id: made by who tells it; told twice, it is kept once.
         *         occurred: when; UTC.
         *         event: what, such as `penstock.flow-run.Completed`.
         *         resource: labels of what it happened to, `penstock.resource.id` among them.
         *         related: labels of what else it concerns, each with `penstock.resource.id` and `penstock.resource.role`.
         *         payload: more about it.
         *         follows: the event that led to it.
         *         position: its place in the one order of all events of the server; 0 until it is recorded. Events of task runs are not:
         *             they have a place in the order of their stream, and 0 elsewhere.
         */
        Event: {
            event: string;
            /** @default null */
            follows?: string | null;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            occurred: string;
            /** @default {} */
            payload?: Record<string, unknown>;
            /** @default 0 */
            position?: number;
            /** @default [] */
            related?: {
                [key: string]: string;
            }[];
            resource: {
                [key: string]: string;
            };
        };
        /**
         * EventBatch
         * @description Events that a program tells. At most 10,000 at once; one that is told twice is kept once.
         */
        EventBatch: {
            events: components["schemas"]["Event"][];
        };
        /**
         * EventFilter
         * @description Which events are meant; all conditions must hold.
         *
         *     Attributes:
         *         ids: one of these.
         *         events: one of these names; a name that ends in `*` means all that begin so.
         *         resource_ids: of one of these resources.
         *         related_ids: related to one of these resources.
         *         after: occurred at this instant or later.
         *         before: occurred before this instant.
         *         position_after: recorded after the event at this position.
         */
        EventFilter: {
            /** @default null */
            after?: string | null;
            /** @default null */
            before?: string | null;
            /** @default null */
            events?: string[] | null;
            /** @default null */
            ids?: string[] | null;
            /** @default null */
            position_after?: number | null;
            /** @default null */
            related_ids?: string[] | null;
            /** @default null */
            resource_ids?: string[] | null;
        };
        /**
         * EventPage
         * @description Some events, and where the next page begins.
         */
        EventPage: {
            items: components["schemas"]["Event"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * EventQuery
         * @description A page of events, oldest first unless `newest_first`. `after` is the `next` of the page before.
         */
        EventQuery: {
            /** @default null */
            after?: string | null;
            filter?: components["schemas"]["EventFilter"];
            /** @default 200 */
            limit?: number;
            /** @default false */
            newest_first?: boolean;
        };
        /**
         * EventsTaken
         * @description The events are committed.
         *
         *     Attributes:
         *         refused: those that make no sense: without a name or a resource, or too large; the rest is written.
         */
        EventsTaken: {
            /** @default [] */
            refused?: string[];
        };
        /**
         * Flow
         * @description A flow that has run at least once.
         *
         *     Attributes:
         *         id: its id.
         *         name: its name, unique in the workspace.
         *         created: when it was first seen; UTC.
         *         tags: words to find it by.
         *         run_count: how many of its runs are kept; the count stops at 10,000.
         *         run_count_is_capped: whether there are more.
         */
        Flow: {
            /** Format: date-time */
            created: string;
            /** Format: uuid */
            id: string;
            name: string;
            /** @default 0 */
            run_count?: number;
            /** @default false */
            run_count_is_capped?: boolean;
            /** @default [] */
            tags?: string[];
        };
        /**
         * FlowCountQuery
         * @description How many flows there are.
         */
        FlowCountQuery: {
            filter?: components["schemas"]["FlowFilter"];
        };
        /**
         * FlowFilter
         * @description Which flows are meant; all conditions must hold. One that is left out always holds, an empty list never does.
         *
         *     Attributes:
         *         ids: one of these.
         *         names: one of these.
         *         name_like: the name contains this text, upper and lower case alike.
         *         all: each of these holds as well; an empty list always holds.
         *         any: at least one of these holds as well.
         *         not_: this does not hold; `not` in JSON.
         */
        FlowFilter: {
            /** @default null */
            all?: components["schemas"]["FlowFilter"][] | null;
            /** @default null */
            any?: components["schemas"]["FlowFilter"][] | null;
            /** @default null */
            ids?: string[] | null;
            /** @default null */
            name_like?: string | null;
            /** @default null */
            names?: string[] | null;
            /** @default null */
            not?: components["schemas"]["FlowFilter"] | null;
        };
        /**
         * FlowPage
         * @description Some flows, and where the next page begins.
         */
        FlowPage: {
            items: components["schemas"]["Flow"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * FlowQuery
         * @description A page of flows, by name unless another `sort` is given. `after` is the `next` of the page before.
         */
        FlowQuery: {
            /** @default null */
            after?: string | null;
            filter?: components["schemas"]["FlowFilter"];
            /** @default 50 */
            limit?: number;
            /** @default NAME_ASC */
            sort?: components["schemas"]["FlowSort"];
        };
        /**
         * FlowRun
         * @description A flow run, as the server knows it.
         *
         *     Attributes beyond those of `FlowRunCreate`:
         *         state: its present state.
         *         states: its whole history, oldest first; the last one is `state`. Empty in lists.
         *         run_count: how many times it entered Running.
         *         lease: who runs it now.
         *         expected_start: when it was to start.
         *         start_time: when it first entered Running.
         *         end_time: when it ended.
         *         total_run_seconds: time spent in Running.
         *         error: what it failed with.
         *         result: where its persisted result lies.
         *         deployment_id: the deployment that made it.
         *         deployment_version: which version of that it goes by.
         *         schedule_id: the deployment's schedule that it was made for.
         *         backfill_id: the backfill that it belongs to.
         *         work_pool_name: where it waits for a worker, or waited.
         *         work_queue_name: in which queue of that.
         *         worker_id: the worker that claimed it last.
         *         job_variables: its own values for the pool's base job template.
         *         pause: what it waits for, where it is paused or suspended. None in lists.
         *         repeats: the run that it repeats, perhaps with other parameters.
         *         anew: what retries were to carry out anew, though results may have been kept.
         */
        FlowRun: {
            /** @default [] */
            anew?: components["schemas"]["Anew"][];
            /** @default 0 */
            attempt?: number;
            /** @default null */
            backfill_id?: string | null;
            /** Format: date-time */
            created: string;
            /** @default null */
            deployment_id?: string | null;
            /** @default null */
            deployment_version?: number | null;
            /** @default null */
            end_time?: string | null;
            /** @default null */
            error?: components["schemas"]["ErrorRecord"] | null;
            /** @default null */
            expected_start?: string | null;
            /** Format: uuid */
            flow_id: string;
            flow_name: string;
            /** @default null */
            flow_version?: string | null;
            /** Format: uuid */
            id: string;
            /** @default {} */
            job_variables?: Record<string, unknown>;
            /** @default null */
            lease?: components["schemas"]["Lease"] | null;
            name: string;
            /** @default {} */
            parameters?: Record<string, unknown>;
            /** @default null */
            parent_flow_run_id?: string | null;
            /** @default null */
            parent_task_run_id?: string | null;
            /** @default null */
            pause?: components["schemas"]["Pause"] | null;
            /** @default 0 */
            recoveries?: number;
            /** @default null */
            repeats?: string | null;
            /** @default null */
            result?: string | null;
            /** @default 0 */
            retries?: number;
            /** @default 0 */
            run_count?: number;
            /** @default null */
            schedule_id?: string | null;
            /** @default null */
            start_time?: string | null;
            state: components["schemas"]["StateRecord"];
            /** @default [] */
            states?: components["schemas"]["StateRecord"][];
            /** @default [] */
            tags?: string[];
            /** @default 0 */
            total_run_seconds?: number;
            /** @default {} */
            upstreams?: {
                [key: string]: string[];
            };
            /** @default null */
            work_pool_name?: string | null;
            /** @default null */
            work_queue_name?: string | null;
            /** @default null */
            worker_id?: string | null;
        };
        /**
         * FlowRunCountQuery
         * @description How many flow runs there are.
         */
        FlowRunCountQuery: {
            filter?: components["schemas"]["FlowRunFilter"];
        };
        /**
         * FlowRunCreate
         * @description A new flow run. Creating one twice with the same id, or idempotency key, gives the first one back.
         *
         *     Attributes:
         *         id: made by the client.
         *         flow_name: the flow, made known by this if it is new.
         *         name: the run's name.
         *         parameters: by name, bounded and redacted, as JSON values.
         *         tags: words to find it by.
         *         states: its history so far, at least one; normally one Pending.
         *         start: set where the creator runs it at once: it is then created and started in one step.
         *         parent_flow_run_id: the flow run that called it.
         *         parent_task_run_id: the task run that called it.
         *         upstreams: what its arguments came from: ids of task runs and flow runs by parameter name.
         *         flow_version: the version of the flow's code.
         *         retries: how many times a failed run is retried.
         *         recoveries: how many times a crashed run is put back.
         *         idempotency_key: unique among the flow's runs.
         */
        FlowRunCreate: {
            flow_name: string;
            /** @default null */
            flow_version?: string | null;
            /** Format: uuid */
            id: string;
            /** @default null */
            idempotency_key?: string | null;
            name: string;
            /** @default {} */
            parameters?: Record<string, unknown>;
            /** @default null */
            parent_flow_run_id?: string | null;
            /** @default null */
            parent_task_run_id?: string | null;
            /** @default 0 */
            recoveries?: number;
            /** @default 0 */
            retries?: number;
            /** @default null */
            start?: components["schemas"]["FlowRunStart"] | null;
            states: components["schemas"]["StateRecord"][];
            /** @default [] */
            tags?: string[];
            /** @default {} */
            upstreams?: {
                [key: string]: string[];
            };
        };
        /**
         * FlowRunFilter
         * @description Which flow runs are meant; all conditions must hold. One that is left out always holds, an empty list never does.
         *
         *     Attributes:
         *         ids: one of these.
         *         id_prefix: the id begins with these hexadecimal digits; dashes are left out.
         *         name: exactly this name.
         *         names: one of these names.
         *         name_like: the name contains this text, upper and lower case alike.
         *         text: the name of the run or that of its flow contains this text, upper and lower case alike.
         *         flow_ids: of one of these flows.
         *         flow_names: of one of these flows, by name.
         *         state_types: in a state of one of these types.
         *         state_names: in a state of one of these names.
         *         tags_all: with every one of these tags; an empty list always holds.
         *         tags_any: with at least one of these tags.
         *         started_after: first Running at this instant or later.
         *         started_before: first Running before this instant.
         *         ended_after: ended at this instant or later.
         *         ended_before: ended before this instant.
         *         expected_after: was to start at this instant or later.
         *         expected_before: was to start before this instant.
         *         parent_flow_run_id: called by this flow run.
         *         parent_task_run_id: called by this task run.
         *         roots_only: called by no other run.
         *         deployment_ids: made by one of these deployments.
         *         schedule_ids: made for one of these schedules.
         *         backfill_ids: belonging to one of these backfills.
         *         work_pool_names: in one of these work pools.
         *         work_queue_names: in one of these work queues.
         *         worker_ids: claimed last by one of these workers.
         *         parameters: whose parameters of these names have these values, as recorded; at most 10. Runs are looked at one by
         *             one for this: bound the time, or name flows, where there are many.
         *         all: each of these holds as well; an empty list always holds.
         *         any: at least one of these holds as well.
         *         not_: this does not hold; `not` in JSON.
         */
        FlowRunFilter: {
            /** @default null */
            all?: components["schemas"]["FlowRunFilter"][] | null;
            /** @default null */
            any?: components["schemas"]["FlowRunFilter"][] | null;
            /** @default null */
            backfill_ids?: string[] | null;
            /** @default null */
            deployment_ids?: string[] | null;
            /** @default null */
            ended_after?: string | null;
            /** @default null */
            ended_before?: string | null;
            /** @default null */
            expected_after?: string | null;
            /** @default null */
            expected_before?: string | null;
            /** @default null */
            flow_ids?: string[] | null;
            /** @default null */
            flow_names?: string[] | null;
            /** @default null */
            id_prefix?: string | null;
            /** @default null */
            ids?: string[] | null;
            /** @default null */
            name?: string | null;
            /** @default null */
            name_like?: string | null;
            /** @default null */
            names?: string[] | null;
            /** @default null */
            not?: components["schemas"]["FlowRunFilter"] | null;
            /** @default null */
            parameters?: Record<string, unknown> | null;
            /** @default null */
            parent_flow_run_id?: string | null;
            /** @default null */
            parent_task_run_id?: string | null;
            /** @default false */
            roots_only?: boolean;
            /** @default null */
            schedule_ids?: string[] | null;
            /** @default null */
            started_after?: string | null;
            /** @default null */
            started_before?: string | null;
            /** @default null */
            state_names?: string[] | null;
            /** @default null */
            state_types?: components["schemas"]["StateType"][] | null;
            /** @default null */
            tags_all?: string[] | null;
            /** @default null */
            tags_any?: string[] | null;
            /** @default null */
            text?: string | null;
            /** @default null */
            work_pool_names?: string[] | null;
            /** @default null */
            work_queue_names?: string[] | null;
            /** @default null */
            worker_ids?: string[] | null;
        };
        /**
         * FlowRunHistogramQuery
         * @description How many flow runs there were over time, by the type of the state they are in now.
         *
         *     Attributes:
         *         after: where the first bucket begins.
         *         before: where the last bucket ends.
         *         buckets: into how many buckets of the same length the time is divided, at most 500.
         *         by: which time of a run counts; a run that has none yet is left out.
         *         filter: which flow runs are meant.
         */
        FlowRunHistogramQuery: {
            /** Format: date-time */
            after: string;
            /** Format: date-time */
            before: string;
            /** @default 60 */
            buckets?: number;
            /** @default START_TIME */
            by?: components["schemas"]["RunTime"];
            filter?: components["schemas"]["FlowRunFilter"];
        };
        /**
         * FlowRunInput
         * @description Something that a flow run was told.
         *
         *     Attributes:
         *         position: its place among all that the run is told.
         *         flow_run_id: the flow run.
         *         key: tells it from the others.
         *         value: what the run was told.
         *         created: when; UTC.
         *         sent_by: who sent it, as the server knows them.
         *         sender: who sent it, as they say themselves.
         */
        FlowRunInput: {
            /** Format: date-time */
            created: string;
            /** Format: uuid */
            flow_run_id: string;
            key: string;
            position: number;
            /** @default null */
            sender?: string | null;
            sent_by: string;
            value: unknown;
        };
        /**
         * FlowRunPage
         * @description Some flow runs, and where the next page begins.
         */
        FlowRunPage: {
            items: components["schemas"]["FlowRun"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * FlowRunQuery
         * @description A page of flow runs. `after` is the `next` of the page before.
         *
         *     Without a `sort` the newest come first: by their start where the filter bounds that, else by their making.
         */
        FlowRunQuery: {
            /** @default null */
            after?: string | null;
            filter?: components["schemas"]["FlowRunFilter"];
            /** @default 50 */
            limit?: number;
            /** @default null */
            sort?: components["schemas"]["FlowRunSort"] | null;
        };
        /**
         * FlowRunSort
         * @description An order of flow runs. Ids are in the order of the runs' making.
         *
         *     By start or end, runs are left out that have none yet.
         * @enum {unknown}
         */
        FlowRunSort: "END_TIME_ASC" | "END_TIME_DESC" | "ID_ASC" | "ID_DESC" | "NAME_ASC" | "NAME_DESC" | "START_TIME_ASC" | "START_TIME_DESC";
        /**
         * FlowRunStart
         * @description A process asks to run a flow run now.
         *
         *     Attributes:
         *         owner: the process.
         *         lease_seconds: how long its right is to last before it must be renewed.
         *         timestamp: when it began, by its own clock; UTC.
         */
        FlowRunStart: {
            /** @default 45 */
            lease_seconds?: number;
            owner: string;
            /** Format: date-time */
            timestamp: string;
        };
        /**
         * FlowSort
         * @description An order of flows. Ids are in the order in which the flows were first seen.
         * @enum {unknown}
         */
        FlowSort: "ID_ASC" | "ID_DESC" | "NAME_ASC" | "NAME_DESC";
        /**
         * Graph
         * @description How the runs within one flow run hang together.
         *
         *     Attributes:
         *         nodes: in the order in which their first runs were made.
         *         edges: those that stand for the most pairs first.
         *         runs: how many runs were looked at.
         *         is_grouped: whether some nodes stand for several runs because there are too many.
         *         is_capped: whether there are runs or edges that were left out because there are too many.
         *         age_seconds: how long ago it was drawn, where runs have changed since: one of more than 1,000 runs that go on is
         *             drawn again every few seconds only, and is at most 30 seconds old.
         */
        Graph: {
            /** @default 0 */
            age_seconds?: number;
            edges: components["schemas"]["Edge"][];
            is_capped: boolean;
            is_grouped: boolean;
            nodes: components["schemas"]["Node"][];
            runs: number;
        };
        /**
         * GraphQuery
         * @description How the runs within one flow run hang together.
         *
         *     Attributes:
         *         id: the flow run.
         *         nodes: how many nodes the answer has at most, from 10 to 2,000. Where there are more runs, those of one task or
         *             flow that started in the same stretch of time share a node.
         *         started_after: only runs that started at this instant or later: with the bounds a part is looked at more closely.
         *         started_before: only runs that started before this instant.
         */
        GraphQuery: {
            /** @default 500 */
            nodes?: number;
            /** @default null */
            started_after?: string | null;
            /** @default null */
            started_before?: string | null;
        };
        /**
         * HandBack
         * @description A worker gives back a run that it has claimed and not started: it is due again, at once or later.
         *
         *     Attributes:
         *         id: the flow run.
         *         attempt: under which it was claimed.
         *         reason: why.
         *         delay_seconds: for how long nobody is to claim it.
         */
        HandBack: {
            attempt: number;
            /** @default 0 */
            delay_seconds?: number;
            /** @default null */
            reason?: string | null;
        };
        /**
         * Histogram
         * @description Runs over time.
         *
         *     Attributes:
         *         buckets: all of them, oldest first, the empty ones too.
         *         bucket_seconds: how long each one is.
         *         counted_from: set where there are too many to count: only the runs from then on are in the buckets.
         */
        Histogram: {
            bucket_seconds: number;
            buckets: components["schemas"]["Bucket"][];
            /** @default null */
            counted_from?: string | null;
        };
        /**
         * InputByKey
         * @description Something that a flow run was told.
         *
         *     Attributes:
         *         id: the flow run.
         *         key: tells it from the others.
         */
        InputByKey: {
            key: string;
        };
        /**
         * InputList
         * @description Some of what a flow run was told, in its order; there may be more after it where it holds as many as asked for.
         */
        InputList: {
            items: components["schemas"]["FlowRunInput"][];
        };
        /**
         * InputQuery
         * @description What a flow run was told, in its order.
         *
         *     Attributes:
         *         id: the flow run.
         *         key_prefix: only what has a key that begins so.
         *         after_position: only what came after it.
         *         limit: how many at most.
         */
        InputQuery: {
            /** @default 0 */
            after_position?: number;
            /** @default  */
            key_prefix?: string;
            /** @default 50 */
            limit?: number;
        };
        /**
         * IntervalSchedule
         * @description Due every so often, counted from an anchor.
         *
         *     Attributes:
         *         interval: how many seconds lie between two instants.
         *         anchor_date: an instant from which the others are counted, both ways; by default the beginning of 1970 in the zone.
         *         timezone: whose days are meant, where the interval is of whole days.
         */
        IntervalSchedule: {
            /** @default null */
            anchor_date?: string | null;
            interval: number;
            /** @default UTC */
            timezone?: string;
            /** @enum {unknown} */
            type: "interval";
        };
        /**
         * JournalBatch
         * @description What a process recorded since its last batch. Sending one again, or a part of one, changes nothing more.
         *
         *     Attributes:
         *         owner: the process.
         *         journal: names a sequence of log lines, which are sent in their order. A line sent after a later one is taken for
         *             one that was sent before.
         *         first_line: how many lines of the journal come before these.
         *         task_runs: task runs that have grown.
         *         logs: lines that runs logged.
         */
        JournalBatch: {
            /** @default 0 */
            first_line?: number;
            journal: string;
            /** @default [] */
            logs?: components["schemas"]["LogRecord"][];
            owner: string;
            /** @default [] */
            task_runs?: components["schemas"]["TaskRun"][];
        };
        /**
         * JournalReceipt
         * @description The batch is committed.
         *
         *     Attributes:
         *         stale: flow runs whose live attempt is another one: nothing of theirs was written.
         *         refused: task runs whose records make no sense (no state, an instant without a time zone); the rest is written.
         *         refused_lines: how many log lines make no sense, such as those of a level that no number is.
         */
        JournalReceipt: {
            /** @default [] */
            refused?: string[];
            /** @default 0 */
            refused_lines?: number;
            /** @default [] */
            stale?: string[];
        };
        /**
         * Lease
         * @description The right of one process to carry a flow run on.
         *
         *     Attributes:
         *         owner: the process, by the id it made when it started.
         *         attempt: the fencing token: which start of the run this is, from 1.
         *         expires: when the right ends unless it is renewed, by the database's clock; UTC.
         */
        Lease: {
            attempt: number;
            /** Format: date-time */
            expires: string;
            owner: string;
        };
        /**
         * LeaseClaim
         * @description One attempt of one flow run.
         */
        LeaseClaim: {
            attempt: number;
            /** Format: uuid */
            flow_run_id: string;
        };
        /**
         * LeasesRenewed
         * @description What has become of the attempts that a process holds.
         *
         *     Attributes:
         *         lost: they are no longer the live ones: their process must stop them.
         *         cancelling: of the live ones, what is being cancelled: their process ends them, and says that they are Cancelled.
         */
        LeasesRenewed: {
            /** @default [] */
            cancelling?: components["schemas"]["LeaseClaim"][];
            lost: components["schemas"]["LeaseClaim"][];
        };
        /**
         * LogContext
         * @description A line and what was logged around it, oldest first.
         *
         *     Attributes:
         *         before: the lines before it.
         *         line: the line.
         *         after: the lines after it.
         */
        LogContext: {
            after: components["schemas"]["LogRecord"][];
            before: components["schemas"]["LogRecord"][];
            line: components["schemas"]["LogRecord"];
        };
        /**
         * LogContextQuery
         * @description The lines around one: those that the same run logged before it and after it, in the order they arrived.
         *
         *     Attributes:
         *         id: the line.
         *         before: how many lines before it, at most 200.
         *         after: how many lines after it, at most 200.
         */
        LogContextQuery: {
            /** @default 5 */
            after?: number;
            /** @default 5 */
            before?: number;
            id: number;
        };
        /**
         * LogFilter
         * @description Which log lines are meant; all conditions must hold. One that is left out always holds, an empty list never does.
         *
         *     Attributes:
         *         flow_run_ids: of one of these flow runs.
         *         task_run_ids: of one of these task runs.
         *         level_at_least: of this level or above.
         *         level_at_most: of this level or below.
         *         loggers: of one of these loggers.
         *         text: the message contains this text, upper and lower case alike.
         *         after: at this instant or later.
         *         before: before this instant.
         *         all: each of these holds as well; an empty list always holds.
         *         any: at least one of these holds as well.
         *         not_: this does not hold; `not` in JSON.
         */
        LogFilter: {
            /** @default null */
            after?: string | null;
            /** @default null */
            all?: components["schemas"]["LogFilter"][] | null;
            /** @default null */
            any?: components["schemas"]["LogFilter"][] | null;
            /** @default null */
            before?: string | null;
            /** @default null */
            flow_run_ids?: string[] | null;
            /** @default null */
            level_at_least?: number | null;
            /** @default null */
            level_at_most?: number | null;
            /** @default null */
            loggers?: string[] | null;
            /** @default null */
            not?: components["schemas"]["LogFilter"] | null;
            /** @default null */
            task_run_ids?: string[] | null;
            /** @default null */
            text?: string | null;
        };
        /**
         * LogPage
         * @description Some log lines, and where the next page begins.
         */
        LogPage: {
            items: components["schemas"]["LogRecord"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * LogQuery
         * @description A page of log lines, oldest first unless `newest_first`. `after` is the `next` of the page before.
         *
         *     A search looks at a bounded number of lines for one page: a page with fewer lines than asked for, or none, has a
         *     `next` where there are lines that were not looked at.
         */
        LogQuery: {
            /** @default null */
            after?: string | null;
            filter?: components["schemas"]["LogFilter"];
            /** @default 200 */
            limit?: number;
            /** @default false */
            newest_first?: boolean;
        };
        /**
         * LogRecord
         * @description A line that a run logged.
         *
         *     Attributes:
         *         timestamp: when; UTC.
         *         level: the number of its level, as in `logging`.
         *         logger: the logger's name.
         *         message: the text, bounded.
         *         flow_run_id: the flow run it belongs to.
         *         task_run_id: the task run it belongs to.
         *         id: its number in the record, in the order of arrival; None until it is recorded.
         */
        LogRecord: {
            /** @default null */
            flow_run_id?: string | null;
            /** @default null */
            id?: number | null;
            level: number;
            logger: string;
            message: string;
            /** @default null */
            task_run_id?: string | null;
            /** Format: date-time */
            timestamp: string;
        };
        /**
         * LoopLine
         * @description What a loop does, as its server last told.
         *
         *     Attributes:
         *         name: its name.
         *         state: whether it rests, runs, has failed the last time, or stands still as no server leads.
         *         interval_seconds: how long it rests between two runs.
         *         last_begun: when the last run began; UTC.
         *         last_seconds: how long the last run took that has ended.
         *         lag_seconds: how much later than it was due the last run began.
         *         runs: how many runs have ended since the leader started.
         *         failures: how many of them failed.
         *         error: why the last one failed; null where it did not.
         */
        LoopLine: {
            /** @default null */
            error?: string | null;
            /** @default 0 */
            failures?: number;
            interval_seconds: number;
            /** @default 0 */
            lag_seconds?: number;
            /** @default null */
            last_begun?: string | null;
            /** @default 0 */
            last_seconds?: number;
            name: string;
            /** @default 0 */
            runs?: number;
            /** @enum {unknown} */
            state: "failed" | "running" | "stopped" | "waiting";
        };
        /**
         * LoopList
         * @description The loops, and which server runs them.
         *
         *     Attributes:
         *         items: the loops, by name.
         *         leader: `<host>:<process number>:<unique id>` of the server that runs them; null where none does.
         *         leader_since: since when it does; UTC.
         */
        LoopList: {
            items: components["schemas"]["LoopLine"][];
            /** @default null */
            leader?: string | null;
            /** @default null */
            leader_since?: string | null;
        };
        /**
         * MissedPolicy
         * @description What becomes of instants at which no server could make runs.
         * @enum {unknown}
         */
        MissedPolicy: "ALL" | "LATEST" | "SKIP";
        /**
         * Node
         * @description One run, or several of one task or flow.
         *
         *     Attributes:
         *         kind: what it stands for.
         *         name: the name of the run, if it is one; else that of the task or flow.
         *         key: the task's key, or the flow's id.
         *         count: how many runs.
         *         by_type: how many of them are in a state of each type.
         *         first: the id of one of them, the one that was made first.
         *         start_time: when the first of them started.
         *         end_time: when the last of them ended, as far as they have.
         */
        Node: {
            by_type: {
                [key: string]: number;
            };
            count: number;
            /** @default null */
            end_time?: string | null;
            /** Format: uuid */
            first: string;
            key: string;
            kind: components["schemas"]["NodeKind"];
            name: string;
            /** @default null */
            start_time?: string | null;
        };
        /**
         * NodeKind
         * @description What a node stands for.
         * @enum {unknown}
         */
        NodeKind: "FLOW_RUNS" | "OTHERS" | "TASK_RUNS";
        /**
         * OverlapPolicy
         * @description What becomes of a run that is due while an earlier one of its schedule has not ended.
         * @enum {unknown}
         */
        OverlapPolicy: "ALLOW" | "CANCEL_OLDER" | "ENQUEUE" | "SKIP";
        /**
         * Pause
         * @description A pause of a flow run.
         *
         *     Attributes:
         *         key: names it within the run.
         *         opened: since when the run waits.
         *         expires: when the run fails unless somebody resumes it before; None where it waits for as long as it takes.
         *         input_schema: the JSON Schema of the input that is wanted; None where none is.
         *         description: what whoever resumes it is to know.
         *         ended: when it was over; None while the run waits.
         *         resumed_by: who resumed it; None where nobody has.
         *         input: what that person gave. Only `flow_runs.read_pause` shows it.
         */
        Pause: {
            /** @default null */
            description?: string | null;
            /** @default null */
            ended?: string | null;
            /** @default null */
            expires?: string | null;
            /** @default null */
            input?: Record<string, unknown> | null;
            /** @default null */
            input_schema?: Record<string, unknown> | null;
            key: string;
            /** Format: date-time */
            opened: string;
            /** @default null */
            resumed_by?: string | null;
        };
        /**
         * PauseStanding
         * @description How a pause stands.
         *
         *     Attributes:
         *         state: the state the flow run is in.
         *         pause: the pause; None where the run has not gone into it.
         */
        PauseStanding: {
            /** @default null */
            pause?: components["schemas"]["Pause"] | null;
            state: components["schemas"]["StateRecord"];
        };
        /**
         * PauseWanted
         * @description What a flow run pauses for.
         *
         *     Attributes:
         *         key: names the pause within the run. One that was resumed is not gone through again under the same key.
         *         timeout_seconds: how long the run waits for somebody to resume it, and then fails; None for as long as it takes.
         *         input_schema: the JSON Schema of the input that whoever resumes it is to give; None where none is wanted.
         *         description: what that person is to know, as Markdown.
         */
        PauseWanted: {
            /** @default null */
            description?: string | null;
            /** @default null */
            input_schema?: Record<string, unknown> | null;
            key: string;
            /** @default null */
            timeout_seconds?: number | null;
        };
        /**
         * PoolStatus
         * @description Whether a pool's runs are taken up.
         * @enum {unknown}
         */
        PoolStatus: "NOT_READY" | "PAUSED" | "READY";
        /**
         * Problem
         * @description What went wrong with a request.
         *
         *     Attributes:
         *         type: which error it is, `urn:penstock:<name>`; `about:blank` where the status says it all.
         *         title: the kind of error, in words.
         *         status: the HTTP status.
         *         detail: the thing, the fact and the remedy.
         *         request_id: the request, as the server's log names it.
         */
        Problem: {
            detail: string;
            /** @default null */
            request_id?: string | null;
            status: number;
            title: string;
            /** @default about:blank */
            type?: string;
        };
        /**
         * PromoteVersion
         * @description Have runs go by a version of a deployment: a newer one that was held back, or an earlier one again.
         *
         *     Attributes:
         *         id: the deployment.
         *         number: the version.
         *         author: who says so, as in `ApplyDeployment`.
         */
        PromoteVersion: {
            /** @default null */
            author?: string | null;
            number: number;
        };
        /**
         * Propose
         * @description A state proposed for one flow run.
         */
        Propose: {
            proposal: components["schemas"]["StateProposal"];
        };
        /**
         * RRuleSchedule
         * @description Due as a recurrence rule says (RFC 5545, section 3.8.5).
         *
         *     Attributes:
         *         rrule: the rule, or several lines that make a set of rules and exceptions.
         *         timezone: where its local times are meant, as the IANA names it.
         */
        RRuleSchedule: {
            rrule: string;
            /** @default UTC */
            timezone?: string;
            /** @enum {unknown} */
            type: "rrule";
        };
        /**
         * ReadPause
         * @description How a pause of a flow run stands.
         *
         *     Attributes:
         *         id: the flow run.
         *         key: which pause.
         */
        ReadPause: {
            key: string;
        };
        /**
         * ReadVersion
         * @description One version of a deployment, by its number.
         */
        ReadVersion: {
            number: number;
        };
        /**
         * Refusal
         * @description A flow run that was left as it is, and why.
         */
        Refusal: {
            /** Format: uuid */
            id: string;
            reason: string;
        };
        /**
         * RenewLeases
         * @description The owner of these attempts is alive. At most 10,000 at once.
         *
         *     Attributes:
         *         owner: the process.
         *         claims: what it runs.
         *         lease_seconds: how long the leases are to last from now, by the database's clock.
         *         alone: whether the owner also runs tasks outside of flows, which have no leases.
         */
        RenewLeases: {
            /** @default false */
            alone?: boolean;
            claims: components["schemas"]["LeaseClaim"][];
            /** @default 45 */
            lease_seconds?: number;
            owner: string;
        };
        /**
         * RerunFlowRun
         * @description A person has a run that a deployment made repeated by a new one. The same new id again gives the first one back.
         *
         *     Attributes:
         *         id: the run that is repeated.
         *         flow_run_id: of the new run, made by the client.
         *         name: the new run's name; by default one is made.
         *         parameters: over those that the run had, by name.
         *         scheduled_time: when it is to start; by default now.
         */
        RerunFlowRun: {
            /** Format: uuid */
            flow_run_id: string;
            /** @default null */
            name?: string | null;
            /** @default {} */
            parameters?: Record<string, unknown>;
            /** @default null */
            scheduled_time?: string | null;
        };
        /**
         * ResumeFlowRun
         * @description A person has a paused run go on: where its process waits, there; where it is suspended, wherever a worker takes it up.
         *
         *     Attributes:
         *         id: the flow run.
         *         reason: why, in a few words.
         *         input: what the run is given, by name, where it waits for input.
         *         pause_key: which pause is meant, so that no other one is answered; by default the last that it went into.
         */
        ResumeFlowRun: {
            /** @default null */
            input?: Record<string, unknown> | null;
            /** @default null */
            pause_key?: string | null;
            /** @default null */
            reason?: string | null;
        };
        /**
         * Retention
         * @description How long each kind of thing is kept, in days; 0 for ever.
         *
         *     Attributes:
         *         flow_runs_days: after its end, a flow run with all that belongs to it.
         *         task_runs_days: after its end, a task run outside of flows.
         *         logs_days: after it was logged, a line.
         *         events_days: after it occurred, an event.
         *         audit_days: after it was done, what the audit says of it.
         */
        Retention: {
            audit_days: number;
            events_days: number;
            flow_runs_days: number;
            logs_days: number;
            task_runs_days: number;
        };
        /**
         * RetryFlowRun
         * @description A person has a run that a deployment made, and that has ended, carried out again: it waits for a worker anew.
         *
         *     Unless it is said from where, it has to have ended badly, and what completed and has kept its result does not run again.
         *
         *     Attributes:
         *         id: the flow run.
         *         delay_seconds: for how long it is not taken up.
         *         reason: why, in a few words.
         *         from_start: everything runs again, however the run ended.
         *         from_task_run_id: this task run, of the flow run or of one that it called, runs again, and so does what depends on it
         *             and what it called; so does a subflow that it is in, as a whole.
         */
        RetryFlowRun: {
            /** @default 0 */
            delay_seconds?: number;
            /** @default false */
            from_start?: boolean;
            /** @default null */
            from_task_run_id?: string | null;
            /** @default null */
            reason?: string | null;
        };
        /**
         * RunCounts
         * @description How many task runs of a flow run are in each type of state.
         *
         *     Attributes:
         *         by_type: the numbers, each of which stops at 10,000.
         *         capped: the types of which there are more.
         */
        RunCounts: {
            by_type: {
                [key: string]: number;
            };
            /** @default [] */
            capped?: string[];
        };
        /**
         * RunDeployment
         * @description Have a deployment run once. The same id or key again gives the first run back.
         *
         *     Attributes:
         *         id: the deployment.
         *         flow_run_id: of the run, made by the client.
         *         name: the run's name; by default one is made.
         *         parameters: over those of the deployment, by name.
         *         job_variables: over those of the deployment, by name.
         *         tags: beside those of the deployment.
         *         scheduled_time: when it is to start; by default now.
         *         work_queue_name: another queue of the deployment's pool.
         *         idempotency_key: unique among the flow's runs.
         *         parent_flow_run_id: the flow run that called it.
         *         parent_task_run_id: the task run that stands for it within that.
         */
        RunDeployment: {
            /** Format: uuid */
            flow_run_id: string;
            /** @default null */
            idempotency_key?: string | null;
            /** @default {} */
            job_variables?: Record<string, unknown>;
            /** @default null */
            name?: string | null;
            /** @default {} */
            parameters?: Record<string, unknown>;
            /** @default null */
            parent_flow_run_id?: string | null;
            /** @default null */
            parent_task_run_id?: string | null;
            /** @default null */
            scheduled_time?: string | null;
            /** @default [] */
            tags?: string[];
            /** @default null */
            work_queue_name?: string | null;
        };
        /**
         * RunTime
         * @description Which time of a run counts.
         * @enum {unknown}
         */
        RunTime: "END_TIME" | "START_TIME";
        /**
         * ScheduleSpec
         * @description What a schedule of a deployment says.
         *
         *     Attributes:
         *         schedule: when.
         *         slug: its name within the deployment; by default one is made from what it says.
         *         active: whether it makes runs.
         *         parameters: over those of the deployment, by name.
         *         job_variables: over those of the deployment, by name.
         *         max_scheduled_runs: how many runs to come are made ahead; by default what the server's settings say.
         *         jitter_seconds: every run is put off by a part of this, the same each time it is computed.
         *         missed: what becomes of instants at which no server could make runs.
         *         missed_limit: how many of those are made up for at most, where all are.
         *         overlap: what becomes of a run that is due while an earlier one of the schedule has not ended.
         *         late_after_seconds: after how long a run that has not started is Late; by default what the server's settings say.
         */
        ScheduleSpec: {
            /** @default true */
            active?: boolean;
            /** @default 0 */
            jitter_seconds?: number;
            /** @default {} */
            job_variables?: Record<string, unknown>;
            /** @default null */
            late_after_seconds?: number | null;
            /** @default null */
            max_scheduled_runs?: number | null;
            /** @default LATEST */
            missed?: components["schemas"]["MissedPolicy"];
            /** @default 10 */
            missed_limit?: number;
            /** @default ALLOW */
            overlap?: components["schemas"]["OverlapPolicy"];
            /** @default {} */
            parameters?: Record<string, unknown>;
            schedule: components["schemas"]["CronSchedule"] | components["schemas"]["IntervalSchedule"] | components["schemas"]["RRuleSchedule"];
            /** @default null */
            slug?: string | null;
        };
        /**
         * SendInput
         * @description Something is told to a flow run. Sending it twice under the same key tells it once.
         *
         *     Attributes:
         *         id: the flow run that is told.
         *         key: tells it from all else that the run is told. Who receives asks for keys by how they begin.
         *         value: what it is told, as JSON has it.
         *         sender: who tells it, such as `penstock.flow-run.<id>`: answers go there.
         */
        SendInput: {
            key: string;
            /** @default null */
            sender?: string | null;
            value: unknown;
        };
        /**
         * ServerInfo
         * @description What a server is.
         *
         *     Attributes:
         *         version: of Penstock.
         *         now: the present instant by the database's clock; UTC.
         *         database: where it keeps everything.
         *         retention: how long it does.
         */
        ServerInfo: {
            database: components["schemas"]["DatabaseInfo"];
            /** Format: date-time */
            now: string;
            retention: components["schemas"]["Retention"];
            version: string;
        };
        /**
         * SetFlowRunStates
         * @description Have flow runs enter a state, as far as the rules let a person do that.
         *
         *     Attributes:
         *         filter: which flow runs are meant.
         *         state: the state.
         *         force: whatever the rules say, but for Running, which only a start makes.
         *         dry_run: only count them.
         *         limit: how many are acted on, at most 200, in the order of their making.
         *         after: the `next` of the request before, to go on with the others.
         */
        SetFlowRunStates: {
            /** @default null */
            after?: string | null;
            /** @default true */
            dry_run?: boolean;
            filter: components["schemas"]["FlowRunFilter"];
            /** @default false */
            force?: boolean;
            /** @default 100 */
            limit?: number;
            state: components["schemas"]["StateRecord"];
        };
        /**
         * SourceVersion
         * @description Which state of the code a version of a deployment was made from.
         *
         *     Attributes:
         *         kind: where it is kept: `git`, or a word of the user's.
         *         commit: the commit, in full where it is of git.
         *         branch: the branch it was on.
         *         message: the first line of what the commit says.
         *         url: where it can be looked at.
         *         is_dirty: whether there were changes that are in no commit.
         */
        SourceVersion: {
            /** @default null */
            branch?: string | null;
            /** @default null */
            commit?: string | null;
            /** @default false */
            is_dirty?: boolean;
            kind: string;
            /** @default null */
            message?: string | null;
            /** @default null */
            url?: string | null;
        };
        /**
         * StartFlowRun
         * @description A process asks to run an existing flow run: a higher attempt and a lease are issued.
         *
         *     Attributes:
         *         id: the flow run.
         *         owner: the process.
         *         lease_seconds: how long its right is to last before it must be renewed.
         *         idempotency_key: asking again with the same key gives the first verdict again, and no further attempt.
         *         attempt: under which a worker claimed the run for this process: it takes that attempt over.
         *         recoveries: how many times a crashed run is put back, as the flow says now; by default as the run was made.
         *         retries: how many times a failed run is retried, as the flow says now; by default as the run was made.
         *         from_start: no result of an earlier attempt counts; then an ended run is started, too, however it ended.
         *         from_task_run_id: so it is for this task run, for what depends on it and for what it calls.
         */
        StartFlowRun: {
            /** @default null */
            attempt?: number | null;
            /** @default false */
            from_start?: boolean;
            /** @default null */
            from_task_run_id?: string | null;
            /** @default null */
            idempotency_key?: string | null;
            /** @default 45 */
            lease_seconds?: number;
            owner: string;
            /** @default null */
            recoveries?: number | null;
            /** @default null */
            retries?: number | null;
        };
        /**
         * StateProposal
         * @description A flow run asks to enter a state.
         *
         *     Attributes:
         *         state: the state.
         *         attempt: the attempt that asks; None for a person or a policy.
         *         force: enter it whatever the rules say; for people.
         *         error: what the run failed with, for Failed and Crashed.
         *         result: where the persisted result lies, for Completed.
         *         idempotency_key: repeating a proposal with the same key returns the first verdict.
         *         pause: what it pauses for, for Paused and Suspended.
         */
        StateProposal: {
            /** @default null */
            attempt?: number | null;
            /** @default null */
            error?: components["schemas"]["ErrorRecord"] | null;
            /** @default false */
            force?: boolean;
            /** @default null */
            idempotency_key?: string | null;
            /** @default null */
            pause?: components["schemas"]["PauseWanted"] | null;
            /** @default null */
            result?: string | null;
            state: components["schemas"]["StateRecord"];
        };
        /**
         * StateRecord
         * @description A state of a run.
         *
         *     Attributes:
         *         type: one of `StateType`.
         *         name: what people see.
         *         timestamp: when the run entered it, by the clock of whoever decided it; UTC.
         *         message: why, bounded.
         *         scheduled_time: when the run is to start, for the Scheduled states.
         */
        StateRecord: {
            /** @default null */
            message?: string | null;
            name: string;
            /** @default null */
            scheduled_time?: string | null;
            /** Format: date-time */
            timestamp: string;
            type: components["schemas"]["StateType"];
        };
        /**
         * StateType
         * @description What a run is doing, as far as the orchestrator's rules are concerned; a state's name says it more finely.
         * @enum {unknown}
         */
        StateType: "CANCELLED" | "CANCELLING" | "COMPLETED" | "CRASHED" | "FAILED" | "PAUSED" | "PENDING" | "RUNNING" | "SCHEDULED";
        /**
         * TableLine
         * @description What a table of the database takes.
         *
         *     Attributes:
         *         name: its name.
         *         rows: how many rows it has.
         *         bytes: on the disk, with its indexes.
         *         is_exact: whether the rows were counted; else there are about so many.
         */
        TableLine: {
            bytes: number;
            is_exact: boolean;
            name: string;
            rows: number;
        };
        /**
         * TaskRun
         * @description A task run with its whole history. A later record of the same id replaces an earlier one.
         *
         *     Attributes:
         *         id: made by the client.
         *         task_key: which task, stable over runs: the qualified name of its function with its module.
         *         name: the run's name.
         *         states: its history, oldest first.
         *         flow_run_id: the flow run it belongs to; None for a task called outside of flows.
         *         flow_run_attempt: which start of that flow run made it.
         *         parent_task_run_id: the task run that called it.
         *         tags: words to find it by.
         *         upstreams: what its arguments came from: ids of task runs and flow runs by parameter name; `wait_for` and
         *             `__parents__` name those that came another way.
         *         run_count: how many times it entered Running.
         *         retries: how many times it may be retried.
         *         cache_key: the key of its result.
         *         result: where its persisted result lies.
         *         error: what it failed with.
         *         task_name: the name of the task.
         */
        TaskRun: {
            /** @default null */
            cache_key?: string | null;
            /** @default null */
            error?: components["schemas"]["ErrorRecord"] | null;
            /** @default 0 */
            flow_run_attempt?: number;
            /** @default null */
            flow_run_id?: string | null;
            /** Format: uuid */
            id: string;
            name: string;
            /** @default null */
            parent_task_run_id?: string | null;
            /** @default null */
            result?: string | null;
            /** @default 0 */
            retries?: number;
            /** @default 0 */
            run_count?: number;
            states: components["schemas"]["StateRecord"][];
            /** @default [] */
            tags?: string[];
            task_key: string;
            task_name: string;
            /** @default {} */
            upstreams?: {
                [key: string]: string[];
            };
        };
        /**
         * TaskRunCountQuery
         * @description How many task runs there are.
         */
        TaskRunCountQuery: {
            filter?: components["schemas"]["TaskRunFilter"];
        };
        /**
         * TaskRunFilter
         * @description Which task runs are meant; all conditions must hold. One that is left out always holds, an empty list never does.
         *
         *     Attributes:
         *         ids: one of these.
         *         id_prefix: the id begins with these hexadecimal digits; dashes are left out.
         *         name: exactly this name.
         *         names: one of these names.
         *         name_like: the name contains this text, upper and lower case alike.
         *         text: the name of the run or that of its task contains this text, upper and lower case alike.
         *         flow_run_ids: of one of these flow runs.
         *         parent_task_run_ids: called by one of these task runs; quick together with `flow_run_ids`.
         *         task_keys: of one of these tasks.
         *         task_names: of tasks with one of these names.
         *         state_types: in a state of one of these types.
         *         state_names: in a state of one of these names.
         *         tags_all: with every one of these tags; an empty list always holds.
         *         tags_any: with at least one of these tags.
         *         started_after: first Running at this instant or later.
         *         started_before: first Running before this instant.
         *         ended_after: ended at this instant or later.
         *         ended_before: ended before this instant.
         *         all: each of these holds as well; an empty list always holds.
         *         any: at least one of these holds as well.
         *         not_: this does not hold; `not` in JSON.
         */
        TaskRunFilter: {
            /** @default null */
            all?: components["schemas"]["TaskRunFilter"][] | null;
            /** @default null */
            any?: components["schemas"]["TaskRunFilter"][] | null;
            /** @default null */
            ended_after?: string | null;
            /** @default null */
            ended_before?: string | null;
            /** @default null */
            flow_run_ids?: string[] | null;
            /** @default null */
            id_prefix?: string | null;
            /** @default null */
            ids?: string[] | null;
            /** @default null */
            name?: string | null;
            /** @default null */
            name_like?: string | null;
            /** @default null */
            names?: string[] | null;
            /** @default null */
            not?: components["schemas"]["TaskRunFilter"] | null;
            /** @default null */
            parent_task_run_ids?: string[] | null;
            /** @default null */
            started_after?: string | null;
            /** @default null */
            started_before?: string | null;
            /** @default null */
            state_names?: string[] | null;
            /** @default null */
            state_types?: components["schemas"]["StateType"][] | null;
            /** @default null */
            tags_all?: string[] | null;
            /** @default null */
            tags_any?: string[] | null;
            /** @default null */
            task_keys?: string[] | null;
            /** @default null */
            task_names?: string[] | null;
            /** @default null */
            text?: string | null;
        };
        /**
         * TaskRunHistogramQuery
         * @description How many task runs started over time, by the type of the state they are in now.
         *
         *     Attributes:
         *         after: where the first bucket begins.
         *         before: where the last bucket ends.
         *         buckets: into how many buckets of the same length the time is divided, at most 500.
         *         filter: which task runs are meant.
         */
        TaskRunHistogramQuery: {
            /** Format: date-time */
            after: string;
            /** Format: date-time */
            before: string;
            /** @default 60 */
            buckets?: number;
            filter?: components["schemas"]["TaskRunFilter"];
        };
        /**
         * TaskRunPage
         * @description Some task runs, and where the next page begins.
         */
        TaskRunPage: {
            items: components["schemas"]["TaskRun"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * TaskRunQuery
         * @description A page of task runs. `after` is the `next` of the page before.
         *
         *     Without a `sort` the oldest come first: by their start where the filter bounds that, else by their making.
         */
        TaskRunQuery: {
            /** @default null */
            after?: string | null;
            filter?: components["schemas"]["TaskRunFilter"];
            /** @default 50 */
            limit?: number;
            /** @default null */
            sort?: components["schemas"]["TaskRunSort"] | null;
        };
        /**
         * TaskRunSort
         * @description An order of task runs. Ids are in the order of the runs' making. By start, runs are left out that have none yet.
         * @enum {unknown}
         */
        TaskRunSort: "ID_ASC" | "ID_DESC" | "START_TIME_ASC" | "START_TIME_DESC";
        /**
         * Upcoming
         * @description Instants at which a schedule falls.
         *
         *     Attributes:
         *         instants: in UTC, earliest first.
         *         is_capped: whether there are more.
         */
        Upcoming: {
            instants: string[];
            /** @default false */
            is_capped?: boolean;
        };
        /**
         * UpcomingQuery
         * @description At which instants a schedule falls; nothing is made by asking.
         *
         *     Attributes:
         *         schedule: the schedule.
         *         after: only later ones; by default now.
         *         before: only earlier ones.
         *         limit: how many, at most 1,000.
         */
        UpcomingQuery: {
            /** @default null */
            after?: string | null;
            /** @default null */
            before?: string | null;
            /** @default 10 */
            limit?: number;
            schedule: components["schemas"]["CronSchedule"] | components["schemas"]["IntervalSchedule"] | components["schemas"]["RRuleSchedule"];
        };
        /**
         * Verdict
         * @description The server's answer to a proposal.
         *
         *     Attributes:
         *         decision: what became of it.
         *         state: the state the run is in now.
         *         attempt: the run's live attempt.
         *         reason: why, where it was not accepted.
         *         retry_after_seconds: for WAIT, when to ask again.
         */
        Verdict: {
            /** @default 0 */
            attempt?: number;
            decision: components["schemas"]["Decision"];
            /** @default null */
            reason?: string | null;
            /** @default 0 */
            retry_after_seconds?: number;
            state: components["schemas"]["StateRecord"];
        };
        /**
         * View
         * @description A saved view.
         *
         *     Attributes:
         *         id: made by the client.
         *         kind: which list it is of.
         *         name: what it is known by, unique among the views of that list.
         *         filter: the conditions and the order of the list, as the dashboard's address has them.
         *         created: when it was saved first; UTC.
         *         updated: when it was last changed; UTC.
         */
        View: {
            /** Format: date-time */
            created: string;
            filter: Record<string, unknown>;
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["ViewKind"];
            name: string;
            /** Format: date-time */
            updated: string;
        };
        /**
         * ViewChanges
         * @description What is to be changed of a view; what is left out stays.
         *
         *     Attributes:
         *         id: the view.
         *         name: what it is known by from now on.
         *         filter: its conditions from now on.
         */
        ViewChanges: {
            filter?: Record<string, unknown>;
            name?: string;
        };
        /**
         * ViewCreate
         * @description A new view. Creating one twice with the same id gives the first one back.
         *
         *     Attributes:
         *         id: made by the client.
         *         kind: which list it is of.
         *         name: what it is known by, unique among the views of that list.
         *         filter: the conditions and the order of the list, as the dashboard's address has them.
         */
        ViewCreate: {
            filter: Record<string, unknown>;
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["ViewKind"];
            name: string;
        };
        /**
         * ViewKind
         * @description Which list a view is of.
         * @enum {unknown}
         */
        ViewKind: "flow_runs" | "task_runs";
        /**
         * ViewPage
         * @description Some views, and where the next page begins.
         */
        ViewPage: {
            items: components["schemas"]["View"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * ViewQuery
         * @description A page of the views of a list, by name.
         *
         *     Attributes:
         *         kind: which list they are of.
         *         limit: how many at most.
         *         after: the `next` of the page before.
         */
        ViewQuery: {
            /** @default null */
            after?: string | null;
            kind: components["schemas"]["ViewKind"];
            /** @default 200 */
            limit?: number;
        };
        /**
         * WorkPool
         * @description A work pool, as the server knows it.
         *
         *     Attributes:
         *         name: what it is known by, unique.
         *         type: the type of its workers, such as `process`.
         *         description: what it is for.
         *         base_job_template: the JSON Schema of what runs may say about their infrastructure (`variables`), and what becomes
         *             of it (`job_configuration`).
         *         concurrency_limit: how many of its runs may go on at once; None for any number.
         *         paused: whether nothing of it is taken up.
         *         created: when it was made.
         *         updated: when it was last changed.
         *         status: whether its runs are taken up: NOT_READY where no worker has said anything of late.
         *         slots_in_use: how many of its runs go on.
         */
        WorkPool: {
            /** @default {} */
            base_job_template?: Record<string, unknown>;
            /** @default null */
            concurrency_limit?: number | null;
            /** Format: date-time */
            created: string;
            /** @default null */
            description?: string | null;
            name: string;
            /** @default false */
            paused?: boolean;
            /** @default 0 */
            slots_in_use?: number;
            /** @default NOT_READY */
            status?: components["schemas"]["PoolStatus"];
            type: string;
            /** Format: date-time */
            updated: string;
        };
        /**
         * WorkPoolByName
         * @description One work pool, by its name.
         */
        WorkPoolByName: {
            name: string;
        };
        /**
         * WorkPoolChanges
         * @description What is to be different in a work pool; what is left out stays as it is.
         *
         *     Attributes:
         *         name: the pool.
         *         description: another one.
         *         base_job_template: another one.
         *         concurrency_limit: another one; None for none.
         *         paused: whether nothing of it is taken up.
         */
        WorkPoolChanges: {
            base_job_template?: Record<string, unknown>;
            concurrency_limit?: number | null;
            description?: string | null;
            name: string;
            paused?: boolean;
        };
        /**
         * WorkPoolCreate
         * @description A new work pool.
         *
         *     Attributes:
         *         name: what it is to be known by.
         *         type: the type of its workers.
         *         description: what it is for.
         *         base_job_template: as in `WorkPool`; may be left out for the types that the server knows.
         *         concurrency_limit: how many of its runs may go on at once.
         *         paused: whether nothing of it is taken up.
         *         overwrite: whether one of that name, and of that type, is changed to this.
         */
        WorkPoolCreate: {
            /** @default null */
            base_job_template?: Record<string, unknown> | null;
            /** @default null */
            concurrency_limit?: number | null;
            /** @default null */
            description?: string | null;
            name: string;
            /** @default false */
            overwrite?: boolean;
            /** @default false */
            paused?: boolean;
            type: string;
        };
        /**
         * WorkPoolPage
         * @description Some work pools, and where the next page begins.
         */
        WorkPoolPage: {
            items: components["schemas"]["WorkPool"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * WorkPoolQuery
         * @description A page of work pools, by name. `after` is the `next` of the page before.
         *
         *     Attributes:
         *         names: one of these; by default any.
         *         types: of one of these types; by default of any.
         *         limit: how many.
         *         after: where the page begins.
         */
        WorkPoolQuery: {
            /** @default null */
            after?: string | null;
            /** @default 50 */
            limit?: number;
            /** @default null */
            names?: string[] | null;
            /** @default null */
            types?: string[] | null;
        };
        /**
         * WorkQueue
         * @description A queue of a work pool, as the server knows it.
         *
         *     Attributes:
         *         pool_name: the pool.
         *         name: what it is known by, unique in the pool.
         *         priority: runs of the queue with the lowest number go first.
         *         description: what it is for.
         *         concurrency_limit: how many of its runs may go on at once; None for any number.
         *         paused: whether nothing of it is taken up.
         *         created: when it was made.
         *         slots_in_use: how many of its runs go on.
         *         waiting: how many of its runs are due; the count stops at 10,000.
         *         late: how many of those are late.
         *         last_polled: when a worker last asked for runs of it.
         */
        WorkQueue: {
            /** @default null */
            concurrency_limit?: number | null;
            /** Format: date-time */
            created: string;
            /** @default null */
            description?: string | null;
            /** @default null */
            last_polled?: string | null;
            /** @default 0 */
            late?: number;
            name: string;
            /** @default false */
            paused?: boolean;
            pool_name: string;
            priority: number;
            /** @default 0 */
            slots_in_use?: number;
            /** @default 0 */
            waiting?: number;
        };
        /**
         * WorkQueueByName
         * @description One queue, by the names of its pool and its own.
         */
        WorkQueueByName: {
            name: string;
            pool_name: string;
        };
        /**
         * WorkQueueChanges
         * @description What is to be different in a queue; what is left out stays as it is.
         *
         *     Attributes:
         *         pool_name: the pool.
         *         name: the queue.
         *         priority: another rank.
         *         description: another one.
         *         concurrency_limit: another one; None for none.
         *         paused: whether nothing of it is taken up.
         */
        WorkQueueChanges: {
            concurrency_limit?: number | null;
            description?: string | null;
            name: string;
            paused?: boolean;
            pool_name: string;
            priority?: number;
        };
        /**
         * WorkQueueCreate
         * @description A new queue of a work pool. Where there is one of that name, it is changed to this.
         *
         *     Attributes:
         *         pool_name: the pool.
         *         name: what it is to be known by.
         *         priority: its rank, from 1; by default after all others.
         *         description: what it is for.
         *         concurrency_limit: how many of its runs may go on at once.
         *         paused: whether nothing of it is taken up.
         */
        WorkQueueCreate: {
            /** @default null */
            concurrency_limit?: number | null;
            /** @default null */
            description?: string | null;
            name: string;
            /** @default false */
            paused?: boolean;
            pool_name: string;
            /** @default null */
            priority?: number | null;
        };
        /**
         * WorkQueuePage
         * @description Some queues, and where the next page begins.
         */
        WorkQueuePage: {
            items: components["schemas"]["WorkQueue"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * WorkQueueQuery
         * @description A page of queues, by pool, priority and name. `after` is the `next` of the page before.
         *
         *     Attributes:
         *         pool_names: of one of these pools; by default of any.
         *         limit: how many.
         *         after: where the page begins.
         */
        WorkQueueQuery: {
            /** @default null */
            after?: string | null;
            /** @default 200 */
            limit?: number;
            /** @default null */
            pool_names?: string[] | null;
        };
        /**
         * Worker
         * @description A worker, or a process of the user's that serves deployments, as the server knows it.
         *
         *     Attributes:
         *         id: made when it started: another start is another worker.
         *         name: what people call it.
         *         type: which kind of infrastructure it starts.
         *         pool_name: the pool it works for; None where it serves deployments.
         *         started: when it first said something.
         *         last_heartbeat: when it last did.
         *         heartbeat_seconds: how often it means to.
         *         status: OFFLINE after three intervals without a word.
         *         hostname: the machine it runs on.
         *         pid: its process there.
         *         version: of Penstock.
         *         running: how many runs it carries on.
         */
        Worker: {
            heartbeat_seconds: number;
            /** @default  */
            hostname?: string;
            id: string;
            /** Format: date-time */
            last_heartbeat: string;
            name: string;
            /** @default 0 */
            pid?: number;
            pool_name: string | null;
            /** @default 0 */
            running?: number;
            /** Format: date-time */
            started: string;
            status: components["schemas"]["WorkerStatus"];
            type: string;
            /** @default  */
            version?: string;
        };
        /**
         * WorkerById
         * @description One worker, by its id, which is a word of its own.
         */
        WorkerById: {
            worker_id: string;
        };
        /**
         * WorkerHeartbeat
         * @description A worker says that it lives, and what it holds. The first one makes it known.
         *
         *     Attributes:
         *         id: made when it started.
         *         name: what people call it.
         *         type: which kind of infrastructure it starts.
         *         pool_name: the pool it works for, made where there is none and the server knows the type.
         *         deployment_ids: what it serves, where it works for no pool.
         *         heartbeat_seconds: how often it means to say so.
         *         lease_seconds: for how long its claims are to last from now.
         *         claims: runs it has claimed that no process of theirs holds yet; their leases are renewed by this.
         *         running: runs whose processes it watches: their processes renew the leases themselves.
         *         draining: whether it takes nothing more.
         *         hostname: the machine it runs on.
         *         pid: its process there.
         *         version: of Penstock.
         *         base_job_template: of its type, for a pool that is made by this.
         */
        WorkerHeartbeat: {
            /** @default null */
            base_job_template?: Record<string, unknown> | null;
            /** @default [] */
            claims?: components["schemas"]["LeaseClaim"][];
            /** @default null */
            deployment_ids?: string[] | null;
            /** @default false */
            draining?: boolean;
            /** @default 10 */
            heartbeat_seconds?: number;
            /** @default  */
            hostname?: string;
            id: string;
            /** @default 45 */
            lease_seconds?: number;
            name: string;
            /** @default 0 */
            pid?: number;
            /** @default null */
            pool_name?: string | null;
            /** @default [] */
            running?: components["schemas"]["LeaseClaim"][];
            type: string;
            /** @default  */
            version?: string;
        };
        /**
         * WorkerOrders
         * @description What a worker is told.
         *
         *     Attributes:
         *         pool: its pool as it is now; None where it serves deployments, or its pool was deleted.
         *         lost: attempts that are no longer the live ones: what runs of them must be ended, and nothing said of it.
         *         cancel: runs that are being cancelled: what runs of them must be ended, and then said to be Cancelled.
         */
        WorkerOrders: {
            /** @default [] */
            cancel?: components["schemas"]["LeaseClaim"][];
            /** @default [] */
            lost?: components["schemas"]["LeaseClaim"][];
            /** @default null */
            pool?: components["schemas"]["WorkPool"] | null;
        };
        /**
         * WorkerPage
         * @description Some workers, and where the next page begins.
         */
        WorkerPage: {
            items: components["schemas"]["Worker"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * WorkerQuery
         * @description A page of workers, those heard of last first. `after` is the `next` of the page before.
         *
         *     Attributes:
         *         pool_names: of one of these pools; by default of any.
         *         statuses: in one of these; by default in any.
         *         limit: how many.
         *         after: where the page begins.
         */
        WorkerQuery: {
            /** @default null */
            after?: string | null;
            /** @default 50 */
            limit?: number;
            /** @default null */
            pool_names?: string[] | null;
            /** @default null */
            statuses?: components["schemas"]["WorkerStatus"][] | null;
        };
        /**
         * WorkerStatus
         * @description Whether a worker lives.
         * @enum {unknown}
         */
        WorkerStatus: "DRAINING" | "OFFLINE" | "ONLINE";
    };
    responses: {
        /** @description Why it was refused (RFC 9457). */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    audit_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuditQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    backfills_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BackfillCreate"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Backfill"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    backfills_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BackfillQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackfillPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    backfills_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Backfill"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    backfills_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Backfill"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deployments_apply: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApplyDeployment"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deployments_count: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeploymentCountQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Count"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deployments_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeploymentQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deployments_read_by_name: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeploymentByName"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deployments_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deployments_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deployments_promote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromoteVersion"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deployments_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunDeployment"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentRun"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deployments_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeploymentChanges"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deployments_read_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReadVersion"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentVersion"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deployments_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeploymentVersionQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentVersionPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    events_append: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventBatch"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventsTaken"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    events_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    events_stream: {
        parameters: {
            query?: {
                events?: string[];
                resource_ids?: string[];
                related_ids?: string[];
                after?: number;
            };
            header?: {
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Messages without end. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FlowRunCreate"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowRun"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_cancel_many: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelFlowRuns"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkOutcome"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_claim: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClaimRuns"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Claimed"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_count: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FlowRunCountQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Count"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_delete_many: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeleteFlowRuns"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkOutcome"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FlowRunQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowRunPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_histogram: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FlowRunHistogramQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Histogram"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_renew_leases: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RenewLeases"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeasesRenewed"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_set_state_many: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetFlowRunStates"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkOutcome"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_stream: {
        parameters: {
            query?: {
                ids?: string[];
                flow_names?: string[];
                state_types?: components["schemas"]["StateType"][];
                tags_all?: string[];
                parent_flow_run_id?: string;
                after?: number;
            };
            header?: {
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Messages without end. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowRun"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_counts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunCounts"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_graph: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GraphQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Graph"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_hand_back: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandBack"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verdict"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_send_input: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendInput"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowRunInput"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_delete_input: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InputByKey"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_list_inputs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InputQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InputList"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_read_pause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReadPause"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PauseStanding"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_propose: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Propose"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verdict"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_rerun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RerunFlowRun"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentRun"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResumeFlowRun"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verdict"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetryFlowRun"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verdict"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flow_runs_start: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartFlowRun"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verdict"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flows_count: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FlowCountQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Count"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flows_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FlowQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    flows_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Flow"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: string;
                    };
                };
            };
            400: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    journal_append: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JournalBatch"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JournalReceipt"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    logs_around: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogContextQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogContext"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    logs_download: {
        parameters: {
            query?: {
                flow_run_ids?: string[];
                task_run_ids?: string[];
                level_at_least?: number;
                level_at_most?: number;
                loggers?: string[];
                text?: string;
                after?: string;
                before?: string;
                format?: "jsonl" | "text";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/plain": string;
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    logs_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    logs_stream: {
        parameters: {
            query?: {
                flow_run_ids?: string[];
                task_run_ids?: string[];
                level_at_least?: number;
                text?: string;
                after?: number;
            };
            header?: {
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Messages without end. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    loops_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoopList"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: string;
                    };
                };
            };
            400: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    schedules_upcoming: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpcomingQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upcoming"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    servers_info: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerInfo"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    task_runs_count: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskRunCountQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Count"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    task_runs_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskRunQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskRunPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    task_runs_histogram: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskRunHistogramQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Histogram"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    task_runs_stream: {
        parameters: {
            query?: {
                flow_run_ids?: string[];
                ids?: string[];
                state_types?: components["schemas"]["StateType"][];
                after?: number;
            };
            header?: {
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Messages without end. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    task_runs_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskRun"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    task_runs_events: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    version: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: string;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    views_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ViewCreate"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["View"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    views_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ViewQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ViewPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    views_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["View"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    views_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    views_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ViewChanges"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["View"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    work_pools_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkPoolCreate"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkPool"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    work_pools_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkPoolByName"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    work_pools_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkPoolQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkPoolPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    work_pools_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkPoolByName"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkPool"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    work_pools_update: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkPoolChanges"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkPool"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    work_queues_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkQueueCreate"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkQueue"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    work_queues_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkQueueByName"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    work_queues_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkQueueQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkQueuePage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    work_queues_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkQueueByName"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkQueue"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    work_queues_update: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkQueueChanges"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkQueue"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    workers_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkerById"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    workers_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkerQuery"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    workers_heartbeat: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkerHeartbeat"];
            };
        };
        responses: {
            /** @description It is done, and committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerOrders"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
}
