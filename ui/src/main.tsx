import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { whenSignedOut } from "@/api/client";
import { Toasts } from "@/components/ui/toast";
import { followPreferences } from "@/lib/preferences";
import { newQueryClient } from "@/queries/client";

import { newRouter } from "./router";
import "./styles.css";

const client = newQueryClient();
const router = newRouter(client);

followPreferences();
whenSignedOut(() => {
  const { pathname, href } = router.state.location;
  if (pathname === "/login") return;
  client.clear();
  void router.navigate({ to: "/login", search: { next: href }, replace: true });
});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    {/* The policy allows no style elements; styles.css has what they would say. */}
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
