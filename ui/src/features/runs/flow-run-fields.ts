import type { FilterField } from "@/components/filter-pill";
import { POOL_FIELD } from "@/components/runs/pool-field";
import { STATE_FIELD, TAG_FIELD } from "@/components/runs/state-field";
import { isParameter } from "@/lib/parameter-text";
import { useDeploymentNames } from "@/queries/use-deployment-names";
import { useDeploymentSuggestions } from "@/queries/use-deployment-suggestions";
import { useFlowSuggestions } from "@/queries/use-flow-suggestions";

const FLOW_FIELD: FilterField = {
  key: "flow",
  label: "Flow",
  useOptions: function useFlows(text) {
    return (useFlowSuggestions(text).data?.items ?? []).map(({ name }) => ({ value: name, label: name }));
  },
};

const DEPLOYMENT_FIELD: FilterField = {
  key: "deployment",
  label: "Deployment",
  useOptions: function useDeployments(text) {
    const found = useDeploymentSuggestions(text).data?.items ?? [];
    return found.map(({ id, spec }) => ({ value: id, label: `${spec.flow_name}/${spec.name}` }));
  },
  useLabels: function useNames(ids) {
    return useDeploymentNames(ids).data ?? {};
  },
};

const PARAMETER_FIELD: FilterField = {
  key: "param",
  label: "Parameter",
  isFree: true,
  hint: "name=value, such as region=eu",
  accepts: isParameter,
  useOptions: () => [],
};

/** The conditions of the list of flow runs. */
export const FLOW_RUN_FIELDS = [
  STATE_FIELD,
  FLOW_FIELD,
  DEPLOYMENT_FIELD,
  POOL_FIELD,
  TAG_FIELD,
  PARAMETER_FIELD,
];
