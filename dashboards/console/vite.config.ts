import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    target: "es2023",
    assetsDir: "static", // /assets is a page of the console's own
    manifest: "field/build.json", // the field app keeps what it needs by it
    rolldownOptions: {
      input: {
        console: `${import.meta.dirname}/index.html`,
        field: `${import.meta.dirname}/field.html`,
      },
    },
    modulePreload: { polyfill: false }, // it would be an inline script, which our CSP forbids
    chunkSizeWarningLimit: 1200, // MapLibre is a lazy chunk of this size
  },
  server: { proxy: { "/api": "http://127.0.0.1:8080" } },
});
