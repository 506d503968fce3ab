// Saves each answer as soon as it is given, and shows what the worker made of it. Without this
// script the form works by its buttons.
(function () {
  var POLL_MS = 1500, RETRY_MS = 4000;
  var form = document.getElementById("form");
  var waiting = document.getElementById("waiting");
  if (waiting) return poll(waiting.dataset.saved, function () { location.reload(); });
  if (!form) return;
  var state = document.getElementById("state");
  var running = false, again = false, sent = false;
  var changes = 0, carried = 0, changed = {};

  function poll(address, then) {
    fetch(address, { credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.json() : Promise.reject(answer.status); })
      .then(function (told) { return told.waiting ? Promise.reject(0) : then(); })
      .catch(function (status) {
        if (status === 401) location.reload();
        else setTimeout(function () { poll(address, then); }, POLL_MS);
      });
  }

  function tell(words) { if (state.textContent !== words) state.textContent = words; }

  function confirm() {
    tell(form.dataset.saving);
    poll(form.dataset.saved, function () { if (!running) tell(form.dataset.done); });
  }

  function save() {
    if (sent) return;
    if (running) { again = true; return; }
    running = true;
    carried = changes;
    tell(form.dataset.saving);
    var body = new URLSearchParams(new FormData(form));
    body.set("act", "save");
    fetch(form.action, { method: "POST", body: body, headers: { "X-Part": "1" }, credentials: "same-origin" })
      .then(function (answer) {
        if (answer.status === 401) location.reload();
        if (!answer.ok && answer.status !== 422) throw new Error(answer.status);
        return answer.text();
      })
      .then(function (text) {
        running = false;
        show(new DOMParser().parseFromString(text, "text/html"));
        if (again) { again = false; save(); } else confirm();
      })
      .catch(function () {
        running = false;
        tell(form.dataset.failed);
        setTimeout(save, RETRY_MS);
      });
  }

  function show(page) {
    var fresh = page.getElementById("form");
    // The form has ended, or was sent from elsewhere: the page shows what became of it.
    if (!fresh) return location.reload();
    ["top", "keys", "end"].forEach(function (id) { swap(document.getElementById(id), page.getElementById(id)); });
    questions(page.getElementById("questions"));
  }

  function swap(old, fresh) {
    if (!old.contains(document.activeElement) && old.innerHTML !== fresh.innerHTML) old.innerHTML = fresh.innerHTML;
  }

  function questions(fresh) {
    var here = document.getElementById("questions");
    Array.prototype.slice.call(here.children).forEach(function (old) {
      if (!fresh.querySelector("#" + old.id)) old.remove();
    });
    Array.prototype.slice.call(fresh.children).forEach(function (one, place) {
      var old = document.getElementById(one.id);
      if (!old) here.insertBefore(document.importNode(one, true), here.children[place] || null);
      else if (old.contains(document.activeElement)) newer(old) || note(old, one);
      else if (!newer(old)) old.replaceWith(document.importNode(one, true));
    });
  }

  // Under the finger nothing moves: only what is said about the answer changes.
  function note(old, fresh) {
    old.className = fresh.className;
    swap(old.querySelector(".note"), fresh.querySelector(".note"));
    var lists = fresh.querySelectorAll("select");
    if (lists.length > old.querySelectorAll("select").length) places(old, fresh);
  }

  function places(old, fresh) {
    var focused = document.activeElement.id;
    old.querySelector("details").innerHTML = fresh.querySelector("details").innerHTML;
    document.getElementById(focused).focus();
  }

  // What was answered after the save had left is not thrown away by what came back.
  function newer(old) { return changed[old.id] > carried; }

  form.addEventListener("change", function (event) {
    var list = event.target.tagName === "SELECT" && event.target;
    if (list) forgetLower(list);
    changed[event.target.closest("fieldset").id] = ++changes;
    save();
  });

  // Another province: the district and tambon of the old one don't count any more.
  function forgetLower(list) {
    var lists = Array.prototype.slice.call(list.closest("details").querySelectorAll("select"));
    lists.slice(lists.indexOf(list) + 1).forEach(function (lower) { lower.value = ""; });
  }

  form.addEventListener("submit", function (event) {
    if (sent) { event.preventDefault(); return; }
    sent = true;
    setTimeout(function () { sent = false; }, 8000);
  });

  document.documentElement.className = "script";
  var wrong = document.querySelector("[data-wrong]");
  if (wrong) wrong.focus();
  if (form.dataset.waiting !== "0") confirm();
})();
