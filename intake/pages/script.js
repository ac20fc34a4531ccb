// The quick way out, where scripts run: Shift three times, or the button. Nothing else here needs scripts.
"use strict";
(function () {
  var form = document.getElementById("exit"), live = document.getElementById("exit-says");
  if (!form || !live) return;
  var count = 0, timer = 0, errors = document.getElementById("errors");
  if (errors) errors.focus();

  // What is on the screen is gone before the network has answered.
  function hide() {
    document.title = live.getAttribute("data-title");
    document.documentElement.style.setProperty("visibility", "hidden");
    live.style.setProperty("visibility", "visible");
    say("leaving");
  }
  function say(name) {
    live.textContent = name ? live.getAttribute("data-" + name) : "";
  }
  function forget() {
    count = 0;
    say("");
  }

  form.addEventListener("submit", hide);
  document.addEventListener("keyup", function (event) {
    if (event.key !== "Shift" || event.repeat) {
      if (count) forget();
      return;
    }
    clearTimeout(timer);
    count += 1;
    if (count === 3) {
      hide();
      form.submit();
      return;
    }
    say(count === 1 ? "two" : "one");
    timer = setTimeout(forget, 5000);
  });
  // A page that the browser kept alive behind Back shows nothing of what was typed.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      document.documentElement.style.setProperty("visibility", "hidden");
      location.reload();
    }
  });
})();
