import type { DeploymentSchedule } from "@/api/types";
import type { JsonObject } from "@/lib/exact-json";

/**
 * Returns schedules, as they were written, in the order and with the slugs of those that the server knows: so that one which
 * is changed stays the same schedule, with its runs.
 */
export function slugged(specs: readonly JsonObject[], known: readonly DeploymentSchedule[]): JsonObject[] {
  const bySlug = new Map(specs.map((spec) => [spec.slug, spec]));
  return known.map(({ slug, spec }, index) => ({
    ...(bySlug.get(slug) ?? specs[index] ?? (spec as unknown as JsonObject)),
    slug,
  }));
}
