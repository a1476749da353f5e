import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Where `npm run dev` finds a server; its own pages come from here then.
const server = process.env.PENSTOCK_DEV_SERVER ?? "http://127.0.0.1:4270";

export default defineConfig({
  // Relative addresses: the server writes the path it is shown under into the page, and chunks find each other by themselves.
  base: "./",
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../src/penstock/server/http/dashboard/dist",
    emptyOutDir: true,
    target: "es2022",
    // The policy allows no data: scripts or fonts, and small files travel well over one connection.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { "/api": { target: server, changeOrigin: true, headers: { Origin: server } } } },
  test: {
    // Tests of what is shown say so in their first line: `// @vitest-environment jsdom`.
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test/setup.ts"],
  },
});
