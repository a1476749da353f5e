import { getRouteApi } from "@tanstack/react-router";

import { HomePage } from "@/features/home/home-page";

const route = getRouteApi("/shell/");

export default function HomeRoute() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <HomePage search={search} onSearch={(changed) => void navigate({ search: changed, replace: true })} />
  );
}
