// Chart.js draws what the JSON of each chart says; the table in the page has the same numbers and stays.
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// The amount is written at the end of each bar, so no grid and no scale are needed.
const amounts = {
  id: "amounts",
  afterDatasetsDraw(chart) {
    const { ctx, data } = chart;
    const lying = chart.options.indexAxis === "y";
    ctx.fillStyle = token("--ink");
    ctx.font = `600 ${Chart.defaults.font.size}px ${token("--font")}`;
    ctx.textAlign = lying ? "left" : "center";
    ctx.textBaseline = lying ? "middle" : "bottom";
    chart.getDatasetMeta(0).data.forEach((bar, i) => {
      const text = data.datasets[0].data[i].toLocaleString("id");
      if (lying) ctx.fillText(text, bar.x + 6, bar.y); else ctx.fillText(text, bar.x, bar.y - 3);
    });
  },
};

function draw(figure, { data, options }) {
  const lying = options.indexAxis === "y";
  const narrow = figure.clientWidth < 400;
  const { label, data: values, partial, urls } = data.datasets[0];
  const lines = (text) => (narrow && lying ? text.match(/\S.{0,21}(?=\s|$)/g) ?? [text] : text);
  if (lying) figure.querySelector(".chart-box").style.height = `${Math.max(values.length * (narrow ? 36 : 30), 160)}px`;
  Object.assign(Chart.defaults.font, { family: token("--font"), size: narrow ? 12 : 14 });
  const names = {
    grid: { display: false },
    border: { color: token("--control") },
    ticks: { color: token("--ink"), autoSkip: !lying, maxRotation: 0 },
  };
  const scale = { display: false, beginAtZero: true, max: Math.max(...values, 1) };
  return new Chart(figure.querySelector("canvas"), {
    type: "bar",
    data: {
      labels: data.labels.map(lines),
      datasets: [{
        label,
        data: values,
        backgroundColor: partial.map((is) => token(is ? "--chart-soft" : "--chart")),
        borderColor: token("--chart"),
        borderWidth: 1,
        borderRadius: 2,
        maxBarThickness: lying ? 16 : 36,
      }],
    },
    options: {
      ...options,
      maintainAspectRatio: false,
      animation: false,
      events: ["click", "mousemove"],
      onClick: (event, [bar]) => { if (bar && urls[bar.index]) location.assign(urls[bar.index]); },
      onHover: (event, bars) => { event.native.target.classList.toggle("is-link", bars.some(({ index }) => urls[index])); },
      layout: { padding: lying ? { right: 48 } : { top: 24 } },
      scales: lying ? { x: scale, y: names } : { x: names, y: scale },
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
    },
    plugins: [amounts],
  });
}

async function show(figure) {
  try {
    const answer = await fetch(figure.dataset.url, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(answer.status);
    const content = await answer.json();
    let chart = draw(figure, content);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      chart.destroy();
      chart = draw(figure, content);
    });
  } catch {
    figure.querySelector(".chart-box").hidden = true;
    figure.querySelector("details").open = true;  // the table says it all
  }
}

document.addEventListener("DOMContentLoaded", async () => {
  const figures = [...document.querySelectorAll("[data-chart]")].filter((figure) => figure.querySelector("canvas"));
  for (const figure of figures) figure.querySelector("details").open = false;
  await document.fonts.ready;
  for (const figure of figures) show(figure);
});
