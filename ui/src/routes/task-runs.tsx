import { getRouteApi } from "@tanstack/react-router";

import { TaskRunsPage } from "@/features/runs/task-runs-page";

const route = getRouteApi("/shell/task-runs");

export default function TaskRunsRoute() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <TaskRunsPage search={search} onSearch={(changed) => void navigate({ search: changed, replace: true })} />
  );
}
