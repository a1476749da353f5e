import { Hammer } from "lucide-react";

import { EmptyState } from "@/components/empty-state";
import { Page } from "@/components/page";

/** The place of a page that is being built. */
export function NotYet({ title }: { title: string }) {
  return (
    <Page title={title}>
      <EmptyState icon={Hammer} title="This page is being built">
        Until it is there, the command line shows what it will: see `penstock --help`.
      </EmptyState>
    </Page>
  );
}
