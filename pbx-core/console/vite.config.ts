import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// Where the development server and the preview find the API; the deployed console is served by pbx-core itself.
const core = process.env.ROAMDESK_CORE ?? "http://127.0.0.1:5000";
// The core takes a cookie's changes from its own pages only: the proxy is that page here.
const proxy = {
  "/api": {
    target: core,
    changeOrigin: true,
    headers: { origin: core },
  },
};

export default defineConfig({
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  resolve: {
    alias: [
      { find: "~", replacement: fileURLToPath(new URL("./src", import.meta.url)) },
      { find: /^react$/, replacement: fileURLToPath(new URL("./src/react.js", import.meta.url)) },
      { find: /^react-dom$/, replacement: "preact/compat" },
      { find: /^react\/jsx-runtime$/, replacement: "preact/jsx-runtime" },
      { find: "react-dom/client", replacement: "preact/compat/client" },
    ],
  },
  build: {
    target: "es2022",
    // Nothing inlined as data: in scripts or styles; the CSP would refuse fonts and the like.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: true,
    reportCompressedSize: false,
    rollupOptions: {
      // "use client" is for servers that render; there is none.
      onwarn: (warning, warn) => {
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
      },
    },
  },
  server: { proxy },
  preview: { proxy },
});
