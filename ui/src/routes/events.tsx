import { getRouteApi } from "@tanstack/react-router";

import { EventsPage } from "@/features/events/events-page";

const route = getRouteApi("/shell/events");

export default function EventsRoute() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <EventsPage search={search} onSearch={(changed) => void navigate({ search: changed, replace: true })} />
  );
}
