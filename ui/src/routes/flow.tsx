import { getRouteApi } from "@tanstack/react-router";

import { FlowPage } from "@/features/flows/flow-page";

const route = getRouteApi("/shell/flows/$flowId");

export default function FlowRoute() {
  const { flowId } = route.useParams();
  return <FlowPage id={flowId} />;
}
