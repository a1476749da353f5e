// Runs before the first paint, so that no page flashes in the other theme. src/lib/theme.ts keeps the choice.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem("penstock.theme");
  } catch (error) {
    // Storage may be forbidden; then the system decides.
  }
  var dark = choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
