"use strict";
(() => {
  const plain = text => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  const order = new Intl.Collator("vi", { numeric: true });
  const make = (name, text) => Object.assign(document.createElement(name), { textContent: text || "" });

  // a table whose headings sort it; a row without a value comes last in both directions
  const sortable = table => {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    const sorts = heads.filter(head => head.tagName === "TH");
    const key = (row, column) => {
      const cell = row.cells[column];
      return cell.dataset.v === undefined ? cell.textContent.trim() : cell.dataset.v;
    };
    sorts.forEach(head => {
      const column = head.cellIndex;
      const button = make("button", head.textContent.trim());
      button.type = "button";
      head.textContent = "";
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        const numbers = head.classList.contains("n");
        const rows = [...body.rows].map(row => [key(row, column), row]);
        rows.sort(([a], [b]) => {
          if (a === "" || b === "") return (a === "") - (b === "");
          const difference = numbers ? a - b : order.compare(a, b);
          return down ? -difference : difference;
        });
        sorts.forEach(other => other.setAttribute("aria-sort", "none"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        body.append(...rows.map(([, row]) => row));
      });
    });
  };

  // words to look for and a level to keep; without diacritics as well
  const searchable = table => {
    const rows = [...table.tBodies[0].rows].map(row => [plain(row.textContent), row]);
    const tools = make("div");
    tools.className = "tools";
    const label = make("label", "Tìm đơn vị (không cần dấu)");
    const input = make("input");
    input.type = "search";
    label.append(input);
    tools.append(label);
    const levels = [...new Set(rows.map(([, row]) => row.dataset.level))];
    const choice = make("select");
    if (levels.length > 1) {
      const around = make("label", "Cấp");
      choice.append(make("option", "Tất cả"), ...levels.map(level => make("option", level)));
      around.append(choice);
      tools.append(around);
    }
    const status = make("span");
    status.setAttribute("role", "status");
    tools.append(status);
    const filter = () => {
      const words = plain(input.value).split(/\s+/).filter(Boolean);
      const level = choice.selectedIndex > 0 ? choice.value : "";
      let shown = 0;
      for (const [text, row] of rows) {
        const fits = (!level || row.dataset.level === level) && words.every(word => text.includes(word));
        row.hidden = !fits;
        shown += fits;
      }
      status.textContent = `${shown} trên ${rows.length} dòng`;
    };
    input.addEventListener("input", filter);
    choice.addEventListener("change", filter);
    filter();
    table.closest(".scroll").before(tools);
  };

  for (const table of document.querySelectorAll("table.board")) {
    searchable(table);
    sortable(table);
  }

  const units = [...document.querySelectorAll("details.unit")];
  if (units.length) {
    const tools = make("div");
    tools.className = "tools";
    for (const [text, open] of [["Mở tất cả (để in)", true], ["Đóng tất cả", false]]) {
      const button = make("button", text);
      button.type = "button";
      button.addEventListener("click", () => units.forEach(unit => { unit.open = open; }));
      tools.append(button);
    }
    units[0].before(tools);
  }
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const around = target && target.closest("details");
    if (!around) return;
    around.open = true;
    const seen = around.classList.contains("unit") ? around : target;
    seen.scrollIntoView();
    around.querySelector("summary").focus({ preventScroll: true });
  };
  addEventListener("hashchange", reveal);
  reveal();
})();
