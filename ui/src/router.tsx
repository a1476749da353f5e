import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from "@tanstack/react-router";

import { PageError, PageNotFound, PagePending } from "@/components/shell/page-states";
import { Shell } from "@/components/shell/shell";
import { basePath } from "@/lib/base";
import { parseSearch, stringifySearch } from "@/lib/search";
import { LiveProvider } from "@/stream/live";

import {
  deploymentsSearch,
  flowsSearch,
  eventsSearch,
  homeSearch,
  loginSearch,
  runSearch,
  runsSearch,
  taskRunSearch,
  taskRunsSearch,
} from "./routes/searches";

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Outlet,
  notFoundComponent: PageNotFound,
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: loginSearch,
  component: lazyRouteComponent(() => import("./routes/login")),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: () => (
    <LiveProvider>
      <Shell />
    </LiveProvider>
  ),
});

// A page is a thin file in routes/, loaded when it is looked at. Its search, if it has one, is checked in routes/searches.ts.
const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  validateSearch: homeSearch,
  component: lazyRouteComponent(() => import("./routes/home")),
});
const runs = createRoute({
  getParentRoute: () => shell,
  path: "/runs",
  validateSearch: runsSearch,
  component: lazyRouteComponent(() => import("./routes/runs")),
});
const run = createRoute({
  getParentRoute: () => shell,
  path: "/runs/$runId",
  validateSearch: runSearch,
  component: lazyRouteComponent(() => import("./routes/run")),
});
const taskRuns = createRoute({
  getParentRoute: () => shell,
  path: "/task-runs",
  validateSearch: taskRunsSearch,
  component: lazyRouteComponent(() => import("./routes/task-runs")),
});
const taskRun = createRoute({
  getParentRoute: () => shell,
  path: "/task-runs/$taskRunId",
  validateSearch: taskRunSearch,
  component: lazyRouteComponent(() => import("./routes/task-run")),
});
const flows = createRoute({
  getParentRoute: () => shell,
  path: "/flows",
  validateSearch: flowsSearch,
  component: lazyRouteComponent(() => import("./routes/flows")),
});
const flow = createRoute({
  getParentRoute: () => shell,
  path: "/flows/$flowId",
  component: lazyRouteComponent(() => import("./routes/flow")),
});
const deployments = createRoute({
  getParentRoute: () => shell,
  path: "/deployments",
  validateSearch: deploymentsSearch,
  component: lazyRouteComponent(() => import("./routes/deployments")),
});
const deployment = createRoute({
  getParentRoute: () => shell,
  path: "/deployments/$deploymentId",
  component: lazyRouteComponent(() => import("./routes/deployment")),
});
const workPools = createRoute({
  getParentRoute: () => shell,
  path: "/work-pools",
  component: lazyRouteComponent(() => import("./routes/work-pools")),
});
const workPool = createRoute({
  getParentRoute: () => shell,
  path: "/work-pools/$pool",
  component: lazyRouteComponent(() => import("./routes/work-pool")),
});
const events = createRoute({
  getParentRoute: () => shell,
  path: "/events",
  validateSearch: eventsSearch,
  component: lazyRouteComponent(() => import("./routes/events")),
});
const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(() => import("./routes/settings")),
});

const tree = root.addChildren([
  login,
  shell.addChildren([
    home,
    runs,
    run,
    taskRuns,
    taskRun,
    flows,
    flow,
    deployments,
    deployment,
    workPools,
    workPool,
    events,
    settings,
  ]),
]);

/** Returns the router: all addresses lie under the path that the server is shown under. */
export function newRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    basepath: basePath === "" ? "/" : basePath,
    defaultPreload: "intent",
    scrollRestoration: true,
    parseSearch,
    stringifySearch,
    defaultErrorComponent: PageError,
    defaultPendingComponent: PagePending,
    defaultNotFoundComponent: PageNotFound,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}
