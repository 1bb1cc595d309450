// Adds to pages that read without it: search as you type, parts that are fetched, charts with tooltips, tables sorted and filtered.

const query = (name) => document.querySelector(name);

/* ---- search: at most eight hits from the same address that programs use ---- */
function searchAsYouType(box) {
  const list = Object.assign(document.createElement("ul"), { className: "hits", id: "hits", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Companies");
  box.after(list);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-controls", "hits");
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-autocomplete", "list");
  const state = new URLSearchParams(new FormData(box.form));
  state.delete("q");
  let chosen = -1, asked = 0, timer = 0;

  const show = (rows) => {
    const kept = list.children[chosen]?.dataset.href; // an answer that comes late does not undo what was chosen
    list.replaceChildren(...rows.map((row, i) => {
      const hit = document.createElement("li");
      hit.id = `hit-${i}`;
      hit.setAttribute("role", "option");
      const code = document.createElement("span");
      code.className = "quiet";
      code.textContent = [row.ticker, row.country].filter(Boolean).join(" · ");
      const score = document.createElement("b");
      score.textContent = row.score === null ? "–" : row.score.toFixed(1);
      hit.append(row.name, code, score);
      hit.dataset.href = `/companies/${encodeURIComponent(row.company_id)}${state.size ? `?${state}` : ""}`;
      hit.addEventListener("mousedown", () => { location.href = hit.dataset.href; });
      return hit;
    }));
    list.hidden = rows.length === 0;
    box.setAttribute("aria-expanded", String(rows.length > 0));
    choose([...list.children].findIndex((hit) => hit.dataset.href === kept));
  };
  const choose = (i) => {
    chosen = i;
    [...list.children].forEach((hit, j) => hit.setAttribute("aria-selected", String(i === j)));
    if (i >= 0) box.setAttribute("aria-activedescendant", `hit-${i}`);
    else box.removeAttribute("aria-activedescendant");
  };
  const ask = async () => {
    const mine = ++asked;
    if (!box.value.trim()) return show([]);
    const wanted = new URLSearchParams(state);
    wanted.set("q", box.value);
    wanted.set("limit", "8");
    const reply = await fetch(`/v1/companies?${wanted}`, { headers: { Accept: "application/json" } });
    if (mine === asked) show(reply.ok ? await reply.json() : []);
  };
  box.addEventListener("input", () => { choose(-1); clearTimeout(timer); timer = setTimeout(ask, 80); });
  box.addEventListener("blur", () => setTimeout(() => show([]), 150));
  box.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    if (event.key === "Escape") show([]);
    else if (event.key === "ArrowDown" && last >= 0) choose(chosen < last ? chosen + 1 : 0);
    else if (event.key === "ArrowUp" && last >= 0) choose(chosen > 0 ? chosen - 1 : last);
    else if (event.key === "Enter" && chosen >= 0) location.href = list.children[chosen].dataset.href;
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      box.focus();
    }
  });
}

/* ---- parts: a page of their own, whose element of the same id is put here ---- */
async function fetchPart(part) {
  const link = part.querySelector("a");
  const sign = Object.assign(document.createElement("span"), { className: "progress" });
  sign.setAttribute("role", "status");
  sign.setAttribute("aria-label", "is being computed");
  const timer = setTimeout(() => link.after(sign), 300);
  try {
    const reply = await fetch(link.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const found = page.getElementById(part.dataset.part) ?? page.querySelector("#main .lead");
    if (found) {
      part.replaceChildren(...found.cloneNode(true).childNodes);
      enhance(part);
    }
  } catch {
    link.after(" could not be reached; reload to try again");
  } finally {
    clearTimeout(timer);
    sign.remove();
  }
}

function parts(root) {
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((one) => one.isIntersecting)) {
      near.unobserve(entry.target);
      fetchPart(entry.target);
    }
  }, { rootMargin: "200px" });
  for (const part of root.querySelectorAll(".part")) {
    if (!part.classList.contains("asked")) near.observe(part);
    else part.querySelector("a").addEventListener("click", (event) => { event.preventDefault(); fetchPart(part); }, { once: true });
  }
}

/* ---- charts: the specification of the server's picture, with tooltips; without unsafe-eval ---- */
let vega = null;
function script(name) {
  return new Promise((done, failed) => {
    const element = Object.assign(document.createElement("script"), { src: new URL(`vendor/${name}`, import.meta.url).href, onload: done, onerror: failed });
    document.head.append(element);
  });
}
function loadVega() {
  vega ??= (async () => {
    await script("vega.min.js");
    await script("vega-lite.min.js");
    await script("vega-embed.min.js");
    return (await import("./vendor/vega-interpreter.js")).expressionInterpreter;
  })();
  return vega;
}
async function draw(figure) {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const address = new URL(figure.dataset.chart, location.href);
  if (dark) address.searchParams.set("theme", "dark");
  const [reply, interpreter] = await Promise.all([fetch(address), loadVega()]);
  if (!reply.ok) return; // the server's drawing says why
  const spec = await reply.json();
  const box = document.createElement("div");
  await globalThis.vegaEmbed(box, spec, {
    ast: true, expr: interpreter, renderer: "svg", actions: false, defaultStyle: false, tooltip: { disableDefaultStyle: true },
  });
  box.querySelector("svg")?.setAttribute("aria-label", figure.querySelector("img")?.alt ?? "");
  figure.replaceChildren(box);
}
function charts(root) {
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((one) => one.isIntersecting)) {
      near.unobserve(entry.target);
      draw(entry.target).catch(() => {});
    }
  });
  for (const figure of root.querySelectorAll("figure[data-chart]")) near.observe(figure);
}

/* ---- tables: sorted by a click on a heading; what is missing stays last ---- */
function value(cell) {
  const text = cell.textContent.trim();
  if (!cell.classList.contains("number")) return text;
  const [, sign, digits, scale] = /([−-]?)[^\d]*([\d.]+)\D*?(tn|bn|m|k)?$/.exec(text.replace(/[\s\u202f]/g, "").replace("%", "")) ?? [];
  if (digits === undefined) return null;
  return (text.includes("−") || sign === "-" ? -1 : 1) * digits * ({ tn: 1e12, bn: 1e9, m: 1e6, k: 1e3 }[scale] ?? 1);
}
function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, place) => {
    if (!head.textContent.trim() || head.querySelector(".unseen, a")) return;
    head.classList.add("sorts");
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: head.textContent });
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      heads.forEach((one) => one.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...table.tBodies[0].rows].map((row) => [value(row.cells[place]), row]);
      rows.sort(([a], [b]) => {
        if (a === null || b === null) return (a === null) - (b === null);
        const order = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
        return down ? -order : order;
      });
      table.tBodies[0].append(...rows.map(([, row]) => row));
    });
  });
}

/* ---- tables: filtered by the values of a column, and by what a link elsewhere picks ---- */
function filterable(table) {
  const columns = table.dataset.filters.split(",").map((name) => ({
    name, place: [...table.tHead.rows[0].cells].findIndex((head) => head.textContent.trim() === name),
  })).filter(({ place }) => place >= 0);
  const rows = [...table.tBodies[0].rows];
  const said = Object.assign(document.createElement("span"), { className: "quiet" });
  said.setAttribute("role", "status");
  const bar = Object.assign(document.createElement("div"), { className: "filters" });
  const selects = new Map();
  let cause = null;
  const apply = () => {
    let shown = 0;
    for (const row of rows) {
      const fits = [...selects].every(([place, select]) => !select.value || row.cells[place].textContent.trim() === select.value);
      row.hidden = !(fits && (cause === null || (row.dataset.causes ?? "").split(" ").includes(cause)));
      shown += !row.hidden;
    }
    said.textContent = shown < rows.length ? `${shown} of ${rows.length} shown` : "";
    all.hidden = shown === rows.length;
  };
  const all = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: "show all", hidden: true });
  all.addEventListener("click", () => { selects.forEach((select) => { select.value = ""; }); cause = null; apply(); });
  for (const { name, place } of columns) {
    const counts = new Map();
    for (const row of rows) {
      const text = row.cells[place].textContent.trim();
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    if (counts.size < 2) continue;
    const select = document.createElement("select");
    select.append(new Option("all", ""), ...[...counts].sort().map(([text, count]) => new Option(`${text} (${count})`, text)));
    select.addEventListener("change", apply);
    selects.set(place, select);
    const label = Object.assign(document.createElement("label"), { textContent: `${name} ` });
    label.append(select);
    bar.append(label);
  }
  if (!selects.size) return;
  bar.append(said, all);
  (table.closest(".scroll") ?? table).before(bar);
  for (const link of document.querySelectorAll("a[data-pick]")) {
    link.addEventListener("click", () => {
      const column = columns.find(({ name }) => name.toLowerCase() === link.dataset.pick);
      selects.forEach((select) => { select.value = ""; });
      cause = column ? null : link.dataset.value;
      if (column) selects.get(column.place).value = link.dataset.value;
      apply();
    });
  }
}

/* ---- a list that is dropped or chosen goes into the box it belongs to ---- */
function droppable(form) {
  const input = form.querySelector("input[type=file]");
  for (const kind of ["dragenter", "dragover"]) form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.add("drop"); });
  for (const kind of ["dragleave", "drop"]) form.addEventListener(kind, () => form.classList.remove("drop"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      form.requestSubmit();
    }
  });
}

function enhance(root) {
  parts(root);
  charts(root);
  root.querySelectorAll("table[data-filters]").forEach(filterable);
  root.querySelectorAll("table.sortable").forEach(sortable);
  root.querySelectorAll("form[data-drop]").forEach(droppable);
}
const box = query("#q");
if (box) searchAsYouType(box);
enhance(document);
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
