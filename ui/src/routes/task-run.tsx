import { getRouteApi } from "@tanstack/react-router";

import { TaskRunPage } from "@/features/task-run/task-run-page";

const route = getRouteApi("/shell/task-runs/$taskRunId");

export default function TaskRunRoute() {
  const { taskRunId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <TaskRunPage
      key={taskRunId}
      id={taskRunId}
      search={search}
      onSearch={(changed) => void navigate({ search: changed, replace: true, resetScroll: false })}
    />
  );
}
