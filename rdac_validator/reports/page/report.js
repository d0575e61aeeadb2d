// Filters and sorts what the page already shows; without it the page is whole.
(() => {
  "use strict";
  const form = document.getElementById("filters");
  if (!form) return;
  const list = document.getElementById("rules");
  const shown = document.getElementById("shown");
  const PAUSE = 250; // milliseconds without a key before words are looked for, so that nobody is spoken to at each letter

  const rules = [...list.children].map((article, order) => {
    const part = (name) => article.querySelector(name)?.textContent ?? "";
    const places = [...article.querySelectorAll(".place")].map((item) => ({
      item,
      table: item.dataset.table,
      count: Number(item.dataset.count),
      waived: "waived" in item.dataset,
      text: [...item.children].filter((child) => !child.matches(".rows")).map((child) => child.textContent).join(" ").toLowerCase(),
    }));
    return {
      article, order, places,
      code: article.dataset.code,
      severity: article.dataset.severity,
      text: (part("h3") + " " + part(".why") + " " + part(".fix")).toLowerCase(),
      number: article.querySelector(".number-shown"),
      table: places[0].table,
      count: places.reduce((sum, place) => sum + place.count, 0),
    };
  });
  const all = { rules: rules.length, findings: rules.reduce((sum, rule) => sum + rule.count, 0) };
  const told = (number) => number.toLocaleString("en-GB");
  const plural = (number, word) => `${told(number)} ${word}${number === 1 ? "" : "s"}`;

  const by = {
    order: () => 0,
    count: (a, b) => b.count - a.count,
    code: (a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
    table: (a, b) => (a.table < b.table ? -1 : a.table > b.table ? 1 : 0),
  };
  function sort() {
    const wanted = by[form.elements.sort.value];
    list.append(...[...rules].sort((a, b) => wanted(a, b) || a.order - b.order).map((rule) => rule.article));
  }

  function filter() {
    const severities = new Set([...form.querySelectorAll("[name=severity]:checked")].map((box) => box.value));
    const { table, code, text, waived } = form.elements;
    const prefix = code.value.trim().toUpperCase();
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = (rule, place) =>
      (table.value === "*" || place.table === table.value) &&
      (!waived || waived.value === "*" || place.waived === (waived.value === "yes")) &&
      words.every((word) => place.text.includes(word) || rule.text.includes(word));
    let seenRules = 0;
    let findings = 0;
    for (const rule of rules) {
      const open = severities.has(rule.severity) && rule.code.startsWith(prefix);
      let seen = 0;
      for (const place of rule.places) {
        place.item.hidden = !(open && wanted(rule, place));
        if (place.item.hidden) continue;
        seen += 1;
        findings += place.count;
      }
      rule.article.hidden = seen === 0;
      seenRules += seen > 0;
      rule.number.textContent = (seen < rule.places.length ? `${told(seen)} of ` : "") + plural(rule.places.length, "place");
    }
    shown.textContent = findings
      ? `Showing ${told(findings)} of ${plural(all.findings, "finding")} and ${told(seenRules)} of ${plural(all.rules, "rule")}.`
      : "Nothing matches these filters.";
  }

  let waiting;
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    if (event.target.name === "sort") sort();
    else if (event.target.type === "text") waiting = setTimeout(filter, PAUSE);
    else filter();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { sort(); filter(); })); // after the fields are blank again
  for (const [button, open] of [["open", true], ["close", false]]) {
    document.getElementById(button).addEventListener("click", () => {
      for (const rule of rules) rule.article.querySelector(".places").open = open;
    });
  }
  form.hidden = false;
})();
