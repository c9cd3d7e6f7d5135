/* Runs before the first paint, so that a light room never sees a dark flash; settings.svelte.ts takes over. */
(function () {
  var theme = "system";
  try {
    theme = JSON.parse(localStorage.getItem("tandem.settings") || "{}").theme || theme;
  } catch (_) {}
  if (theme === "system") theme = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
})();
