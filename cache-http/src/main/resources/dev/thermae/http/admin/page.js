// The page of the admin listener. Everything it shows comes from one answer of /status.
"use strict";
(() => {
  const PERIOD = 2000;
  const POINTS = 150;
  const $ = (id) => document.getElementById(id);
  const store = sessionStorage;
  const history = [];
  let paused = false;
  let timer = 0;
  let snapshot = null;
  let generation = 0;

  // ---- Figures ----
  const grouped = new Intl.NumberFormat("en-US");
  const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

  const format = {
    count: (n) => grouped.format(n),
    percent: (n) => (n * 100).toFixed(1) + "%",
    bytes: (n) => {
      let unit = 0;
      let value = n;
      while (value >= 1024 && unit < UNITS.length - 1) {
        value /= 1024;
        unit++;
      }
      return (unit === 0 ? value : value.toFixed(value < 10 ? 2 : 1)) + "\u00a0" + UNITS[unit];
    },
    millis: (n) => {
      if (n < 1000) return (n < 10 ? n.toFixed(1) : n.toFixed(0)) + "\u00a0ms";
      if (n < 120000) return (n / 1000).toFixed(1) + "\u00a0s";
      return n < 7200000 ? (n / 60000).toFixed(1) + "\u00a0min" : (n / 3600000).toFixed(1) + "\u00a0h";
    },
  };

  function show(element, value, as) {
    const missing = value === null || value === undefined;
    element.dataset.value = missing ? "" : String(value);
    element.textContent = missing ? "–" : format[as](value);
    element.title = missing ? "not known" : as === "count" ? "" : grouped.format(value);
  }

  function at(object, path) {
    return path.split(".").reduce((inner, name) => (inner == null ? inner : inner[name]), object);
  }

  function uptime(seconds) {
    const days = Math.floor(seconds / 86400);
    const clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60]
      .map((n) => String(Math.floor(n)).padStart(2, "0")).join(":");
    return (days ? days + " d " : "") + clock;
  }

  // ---- Talking to the listener ----
  async function ask(path, options = {}) {
    const headers = { Authorization: "Bearer " + store.getItem("thermae-token") };
    const response = await fetch(path, { ...options, headers, cache: "no-store" });
    if (response.status === 401) {
      throw Object.assign(new Error("This is not the token."), { denied: true });
    }
    const body = await response.json();
    if (!response.ok) throw new Error(body.problem || "status " + response.status);
    return body;
  }

  async function refresh() {
    clearTimeout(timer);
    const mine = generation;
    try {
      const status = await ask("/status");
      if (mine !== generation) return;
      render(status);
      $("trouble").hidden = true;
    } catch (fault) {
      if (mine !== generation) return;
      if (fault.denied) return logout(fault.message);
      $("trouble").textContent = "No answer, so these figures are old: " + fault.message;
      $("trouble").hidden = false;
    }
    if (!paused) timer = setTimeout(refresh, PERIOD);
  }

  // ---- One snapshot ----
  function render(status) {
    if (snapshot) note(snapshot.requests, status.requests);
    snapshot = status;
    document.querySelectorAll("[data-path]").forEach((element) =>
      show(element, at(status, element.dataset.path), element.dataset.as));
    $("moment").textContent = "as of " + status.time.slice(11, 19) + " UTC";
    $("moment").title = status.time;
    $("where").textContent = status.url ? status.url + " → " + status.origin : " ";
    $("ready").hidden = false;
    $("ready").textContent = status.ready ? "ready" : "not ready";
    $("ready").classList.toggle("bad", !status.ready);
    $("version").textContent = status.version;
    $("uptime").textContent = uptime(status.uptimeSeconds);
    $("started").textContent = status.started.replace("T", " ").replace("Z", " UTC");
    $("index").textContent = status.store.index;
    $("logged").textContent = status.accessLog
      ? ", access log: " + grouped.format(status.accessLog.written) + " lines, "
        + grouped.format(status.accessLog.dropped) + " dropped" : "";
    const share = status.store.limitBytes ? status.store.bytes / status.store.limitBytes : 0;
    $("room").firstElementChild.style.width = Math.min(100, share * 100) + "%";
    $("room").setAttribute("aria-label", format.percent(share) + " of the limit");
    stack("stack-requests", status.temperatures);
    stack("stack-units", status.code);
    bars("outcomes", status.requests.outcomes, (name) =>
      ["hit", "revalidated", "stale"].includes(name) ? "fromstore" : name === "failed" ? "failed" : "");
    bars("misses", status.misses, () => "");
    bars("rejections", status.rejections, () => "failed");
    tops("by-hits", status.topByHits, 1);
    tops("by-bytes", status.topByBytes, 3);
    chart();
    document.body.dataset.snapshot = status.time;
  }

  function stack(id, counts) {
    const sum = counts.cold + counts.warm + counts.hot;
    for (const part of $(id).children) {
      const share = sum ? counts[part.className] / sum : 0;
      part.style.width = share * 100 + "%";
      part.hidden = share === 0;
    }
  }

  function cell(row, text, name) {
    const made = row.insertCell();
    made.textContent = text;
    if (name) made.className = name;
    return made;
  }

  function bars(id, counts, kind) {
    const body = document.createElement("tbody");
    const entries = Object.entries(counts);
    const most = Math.max(1, ...entries.map((entry) => entry[1]));
    for (const [name, count] of entries) {
      const row = body.insertRow();
      row.className = count ? kind(name) : "zero";
      cell(row, name).title = name;
      const bar = document.createElement("i");
      bar.style.width = count / most * 100 + "%";
      row.insertCell().append(bar);
      const figure = cell(row, grouped.format(count));
      figure.dataset.value = count;
      figure.dataset.in = id + "." + name;
    }
    if (!entries.length) cell(body.insertRow(), "none", "none");
    $(id).tBodies[0].replaceWith(body);
  }

  function tops(id, list, ranked) {
    const body = document.createElement("tbody");
    for (let i = 0; i < 10; i++) {
      const top = list[i];
      const row = body.insertRow();
      if (!top) {
        row.className = "empty";
        for (let c = 0; c < 4; c++) cell(row, i === 0 && c === 0 ? "none yet" : "");
        continue;
      }
      const origin = snapshot.origin || "";
      const name = top.url.startsWith(origin) ? top.url.slice(origin.length) : top.url;
      cell(row, name).title = top.url;
      [["hits", "count"], ["requests", "count"], ["bytes", "bytes"]].forEach(([field, as], c) => {
        const figure = cell(row, "", c + 1 === ranked ? "rank" : "");
        show(figure, top[field], as);
        figure.dataset.in = id + "." + i + "." + field;
      });
    }
    $(id).tBodies[0].replaceWith(body);
  }

  // ---- Hit ratio over time: of the requests between two snapshots ----
  function note(before, after) {
    const cacheable = after.cacheable - before.cacheable;
    const last = history.length ? history[history.length - 1] : null;
    const ratio = cacheable > 0 ? (after.fromStore - before.fromStore) / cacheable : last;
    if (ratio === null) return;
    history.push(Math.max(0, Math.min(1, ratio)));
    if (history.length > POINTS) history.shift();
  }

  function chart() {
    if (!history.length) return;
    const step = 238 / Math.max(1, Math.min(POINTS, Math.max(30, history.length)) - 1);
    const left = 272 - (history.length - 1) * step;
    const points = history.map((ratio, i) => [left + i * step, 80 - ratio * 72]);
    const path = points.map(([x, y]) => x.toFixed(1) + " " + y.toFixed(1)).join("L");
    const [x, y] = points[points.length - 1];
    $("line").setAttribute("d", "M" + path);
    $("area").setAttribute("d", "M" + left.toFixed(1) + " 80L" + path + "L272 80Z");
    $("dot").setAttribute("cx", x);
    $("dot").setAttribute("cy", y);
    const words = format.percent(history[history.length - 1]);
    $("now").textContent = words;
    $("now").setAttribute("y", Math.max(12, Math.min(80, y + 4)));
    const span = Math.round(history.length * PERIOD / 1000);
    $("since").textContent = "each " + PERIOD / 1000 + " s, the last " + span + " s";
    $("chart").setAttribute("aria-label",
      "Hit ratio over the last " + span + " seconds, now " + words);
  }

  // ---- Explain ----
  function answer(id, ...children) {
    $(id).replaceChildren(...children);
  }

  function said(text, name) {
    const made = document.createElement("p");
    made.textContent = text;
    made.className = name || "";
    return made;
  }

  function pairs(list) {
    const made = document.createElement("dl");
    for (const [name, value] of list) {
      if (value === null || value === undefined || value === "") continue;
      const term = document.createElement("dt");
      const text = document.createElement("dd");
      term.textContent = name;
      text.append(value);
      made.append(term, text);
    }
    return made;
  }

  function explained(hop) {
    const chip = document.createElement("span");
    chip.className = "chip " + hop.nextRun.temperature;
    chip.textContent = hop.nextRun.temperature;
    const warm = document.createElement("span");
    warm.append(chip, " " + hop.nextRun.why);
    const chosen = hop.variants.find((variant) => variant.selected) || {};
    const response = chosen.response;
    return pairs([
      ["URL", hop.url],
      ["Stored", hop.stored
        ? response ? response.status + ", " + format.bytes(response.bodyBytes) : "yes" : "no"],
      ["Fresh until", response ? response.freshUntil + " by " + response.freshBy : null],
      ["A request", "is " + hop.request.action + ": " + hop.request.why],
      ["Next load", warm],
      ["Otherwise", hop.nextRun.otherwise],
      ["Variants", hop.variants.length > 1 ? String(hop.variants.length) : null],
    ]);
  }

  $("explain-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const found = await ask("/explain?url=" + encodeURIComponent($("explain-url").value));
      const more = document.createElement("details");
      const summary = document.createElement("summary");
      summary.textContent = "Everything";
      const all = document.createElement("pre");
      all.tabIndex = 0;
      all.textContent = JSON.stringify(found, null, 2);
      more.append(summary, all);
      answer("explained", ...found.urls.map(explained), more);
    } catch (fault) {
      if (fault.denied) return logout(fault.message);
      answer("explained", said(fault.message, "problem"));
    }
  });

  // ---- Purge ----
  const HINTS = { url: "/scripts/app.js", prefix: "/scripts/", key: "product-7" };
  document.querySelectorAll("[name=by]").forEach((choice) =>
    choice.addEventListener("change", () => ($("purge-what").placeholder = HINTS[choice.value])));

  $("purge-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const by = document.querySelector("[name=by]:checked").value;
    const what = $("purge-what").value;
    const soft = $("soft").checked;
    const words = { url: "the URL ", prefix: "all URLs that begin with ", key: "the surrogate key " };
    $("confirm-title").textContent = soft ? "Mark as stale?" : "Purge?";
    $("confirm-what").textContent = "This is about " + words[by] + what + ".";
    const dialog = $("confirm");
    dialog.returnValue = "no";
    dialog.onclose = () => dialog.returnValue === "yes" && purge(by, what, soft);
    dialog.showModal();
  });

  async function purge(by, what, soft) {
    const form = new URLSearchParams({ [by]: what, soft });
    try {
      const done = await ask("/purge", { method: "POST", body: form });
      const verb = done.mode === "soft" ? "marked as stale" : "purged";
      answer("purged", said(done.responses === 0 ? "Nothing of it was stored."
        : grouped.format(done.responses) + (done.responses === 1 ? " response of " : " responses of ")
          + grouped.format(done.resources) + (done.resources === 1 ? " resource " : " resources ") + verb + "."));
      refresh();
    } catch (fault) {
      if (fault.denied) return logout(fault.message);
      answer("purged", said(fault.message, "problem"));
    }
  }

  // ---- Log in, log out, pause, colours ----
  function login() {
    document.body.dataset.state = "board";
    $("login").hidden = true;
    $("board").hidden = false;
    refresh();
  }

  function logout(why) {
    clearTimeout(timer);
    generation++;
    store.removeItem("thermae-token");
    snapshot = null;
    history.length = 0;
    document.body.dataset.state = "login";
    delete document.body.dataset.snapshot;
    $("board").hidden = true;
    $("login").hidden = false;
    $("ready").hidden = true;
    $("where").textContent = $("moment").textContent = " ";
    $("login-problem").textContent = why || "";
    $("token").focus();
  }

  $("login-form").addEventListener("submit", (event) => {
    event.preventDefault();
    store.setItem("thermae-token", $("token").value.trim());
    $("token").value = "";
    $("login-problem").textContent = "";
    login();
  });
  $("logout").addEventListener("click", () => logout(""));
  $("pause").addEventListener("click", () => {
    paused = !paused;
    $("pause").setAttribute("aria-pressed", String(paused));
    if (paused) clearTimeout(timer);
    else refresh();
  });

  function colours(theme) {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  }
  $("theme").value = store.getItem("thermae-theme") || "";
  colours($("theme").value);
  $("theme").addEventListener("change", () => {
    store.setItem("thermae-theme", $("theme").value);
    colours($("theme").value);
  });

  if (store.getItem("thermae-token")) login();
  else $("token").focus();
})();
