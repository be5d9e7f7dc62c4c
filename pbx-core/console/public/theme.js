// Before the first paint, so that a chosen theme doesn't flash. The strict CSP allows no inline script.
(function () {
  try {
    var chosen = localStorage.getItem("roamdesk.theme");
    if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
  } catch {
    // The system's theme, then.
  }
})();
