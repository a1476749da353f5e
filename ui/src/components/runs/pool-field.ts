import type { FilterField } from "@/components/filter-pill";
import { useWorkPools } from "@/queries/use-work-pools";

/** The condition on a work pool. */
export const POOL_FIELD: FilterField = {
  key: "pool",
  label: "Work pool",
  useOptions: function usePools(text) {
    const pools = useWorkPools().data?.items ?? [];
    const named = pools.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
    return named.map(({ name }) => ({ value: name, label: name }));
  },
};
