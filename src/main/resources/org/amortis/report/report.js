(() => {
  "use strict";
  const theme = JSON.parse(document.getElementById("theme").textContent);
  const tables = new Map();
  const views = [];
  const hidden = new Set();

  const objects = ({ columns, rows }) =>
    rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));

  const quoted = (value) => {
    const text = value === null ? "" : String(value);
    return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };

  const csv = ({ columns, rows }) =>
    [columns, ...rows].map((row) => row.map(quoted).join(",")).join("\n") + "\n";

  const save = (name, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  const draw = async (view, data) => {
    const place = document.getElementById(view.at);
    const spec = { ...view.spec, datasets: {} };
    for (const [name, rows] of Object.entries(data)) {
      spec.datasets[name] = view.where
        ? rows.filter((row) => row[view.where[0]] === view.where[1])
        : rows;
    }
    const result = await vegaEmbed(place, spec, {
      ast: true,
      config: theme,
      renderer: "svg",
      tooltip: { theme: "light" },
      actions: { export: { svg: true, png: true }, source: false, compiled: false, editor: false },
      scaleFactor: { png: 3 },
      downloadFileName: view.at,
    });
    if (view.spec.params) {
      views.push(result.view);
    }
  };

  const toggle = (method) => {
    hidden.has(method) ? hidden.delete(method) : hidden.add(method);
    for (const chip of document.querySelectorAll(".chip")) {
      chip.setAttribute("aria-pressed", String(!hidden.has(chip.dataset.method)));
    }
    for (const view of views) {
      view.signal("off", [...hidden]).runAsync();
    }
  };

  const start = async () => {
    let failed = 0;
    for (const block of document.querySelectorAll("script.figure-data")) {
      const figure = JSON.parse(block.textContent);
      tables.set(block.dataset.figure, figure.data);
      const data = Object.fromEntries(
        Object.entries(figure.data).map(([name, table]) => [name, objects(table)]));
      for (const view of figure.views) {
        try {
          await draw(view, data);
        } catch (error) {
          failed++;
          const place = document.getElementById(view.at);
          place.textContent = "This panel could not be drawn: " + error.message;
          place.classList.add("failed");
          console.error(view.at, error);
        }
      }
    }
    for (const chip of document.querySelectorAll(".chip")) {
      chip.addEventListener("click", () => toggle(chip.dataset.method));
    }
    for (const button of document.querySelectorAll(".download")) {
      const { figure, table } = button.dataset;
      button.addEventListener("click", () =>
        save(figure + "-" + table + ".csv", csv(tables.get(figure)[table])));
    }
    document.body.dataset.drawn = String(failed === 0);
  };

  start();
})();
