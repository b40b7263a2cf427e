/* Charts: draws <figure data-chart="KEY"> from the JSON in #KEY-data, in the page's colours and fonts.
   Draws again when theme, density or width change; cleans up when a partial update removes the element.
   Every point that has a link opens the customers behind it. */
const COLOURS = {
  main: 0,
  earlier: 6,
  control: 6,
  forecast: 0,
  lost: 3,
  c1: 0,
  c2: 1,
  c3: 2,
  c4: 3,
  c5: 4,
  c6: 5,
  c7: 6,
};
const mounted = new WeakMap();
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function tokens() {
  return {
    c: [1, 2, 3, 4, 5, 6, 7].map((i) => css(`--eg-c${i}`)),
    s: [1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => css(`--eg-s${i}`)),
    ink: css('--eg-ink'),
    ink2: css('--eg-ink-2'),
    ink3: css('--eg-ink-3'),
    axis: css('--eg-c-axis'),
    grid: css('--eg-c-grid'),
    overlay: css('--eg-overlay'),
    surface: css('--eg-surface'),
    lineStrong: css('--eg-line-strong'),
    band: css('--eg-c-band'),
    font: getComputedStyle(document.body).fontFamily,
  };
}

const minus = (written) => written.replace('-', '−');

function writer(data) {
  const lang = document.documentElement.lang;
  // Rounded as the server rounds.
  const exact = new Intl.NumberFormat(lang, {
    minimumFractionDigits: data.digits,
    maximumFractionDigits: data.digits,
    roundingMode: 'halfEven',
  });
  const whole = new Intl.NumberFormat(lang);
  const short = new Intl.NumberFormat(lang, { notation: 'compact', maximumFractionDigits: 1 });
  const fits = (value) => Math.abs(value) < 10000;
  return {
    value: (value) => (value === null || value === undefined ? '–' : minus(exact.format(value)) + data.unit),
    whole: (value) => (value === null || value === undefined ? '–' : minus(whole.format(value))),
    axis: (value) => minus(fits(value) ? whole.format(value) : short.format(value)) + data.unit,
    count: (value) => (fits(value) ? whole.format(value) : short.format(value)),
  };
}

function base(t) {
  return {
    color: t.c,
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    animationDuration: 240,
    textStyle: { fontFamily: t.font, fontSize: 12, color: t.ink2 },
    aria: { enabled: true },
    tooltip: {
      trigger: 'axis',
      confine: true,
      renderMode: 'richText',
      backgroundColor: t.overlay,
      borderColor: t.lineStrong,
      borderWidth: 1,
      padding: [8, 12],
      borderRadius: 8,
      textStyle: { color: t.ink, fontSize: 12, fontFamily: t.font },
      axisPointer: { type: 'line', lineStyle: { color: t.lineStrong, type: 'solid' } },
    },
  };
}

const category = (t, more) => ({
  type: 'category',
  axisTick: { show: false },
  axisLine: { lineStyle: { color: t.lineStrong } },
  axisLabel: { color: t.axis, fontSize: 11, margin: 10, hideOverlap: true },
  ...more,
});
const value = (t, format, more) => ({
  type: 'value',
  splitNumber: 3,
  axisLabel: { color: t.axis, fontSize: 11, formatter: format },
  splitLine: { lineStyle: { color: t.grid } },
  ...more,
});
const colour = (t, series, place) => t.c[COLOURS[series.role] ?? place % 7];
const last = (values) => values.findLast((each) => each !== null);
// The newest bar stands out: it is what the page speaks of.
const below = (series) =>
  point(series).map((each, i, all) => (i === all.length - 1 ? { ...each, itemStyle: { opacity: 1 } } : each));
const point = (series) => series.values.map((each, i) => ({ value: each, n: series.n[i], link: series.links[i] }));

function tip(write, below) {
  return (points) => {
    const lines = points
      .filter((p) => p.seriesName && p.value !== null && p.value !== undefined)
      .map((p) => {
        const says = p.seriesName === below ? write.whole(p.value) : write.value(p.value);
        return `${p.seriesName}  ${says}${p.data?.n ? `  (n = ${write.whole(p.data.n)})` : ''}`;
      });
    return [points[0]?.axisValueLabel ?? points[0]?.name, ...lines].join('\n');
  };
}

function lineSeries(t, write, data) {
  return data.series.map((series, place) => {
    const quiet = ['earlier', 'control'].includes(series.role);
    const ends = last(series.values);
    return {
      name: series.name,
      type: 'line',
      data: point(series),
      symbol: 'circle',
      symbolSize: 6,
      showSymbol: series.values.length < 3,
      color: colour(t, series, place),
      z: quiet ? 2 : 3,
      connectNulls: false,
      lineStyle: { width: quiet ? 1.5 : 2.5, type: quiet ? [5, 4] : series.role === 'forecast' ? [2, 3] : 'solid' },
      endLabel: {
        show: ends !== undefined,
        formatter: write.value(ends),
        color: quiet ? t.ink3 : colour(t, series, place),
        fontWeight: quiet ? 400 : 600,
        fontSize: quiet ? 11 : 12,
        distance: 6,
      },
      labelLayout: { moveOverlap: 'shiftY' },
      ...(place === 0 && data.target
        ? {
            markLine: {
              silent: true,
              symbol: 'none',
              lineStyle: { color: t.lineStrong, type: 'solid', width: 1 },
              label: { formatter: data.target.label, position: 'insideStartTop', color: t.ink3, fontSize: 11 },
              data: [{ yAxis: data.target.value }],
            },
          }
        : {}),
    };
  });
}

function bandSeries(t, [low, high]) {
  const quiet = {
    type: 'line',
    stack: 'band',
    stackStrategy: 'all',
    symbol: 'none',
    lineStyle: { opacity: 0 },
    silent: true,
    tooltip: { show: false },
    z: 1,
  };
  return [
    { ...quiet, data: low },
    { ...quiet, data: high.map((each, i) => (each === null ? null : each - low[i])), areaStyle: { color: t.band } },
  ];
}

function line(t, write, data, height) {
  const left = 48;
  const right = 20 + Math.max(...data.series.map((series) => write.value(last(series.values) ?? null).length)) * 7;
  const split = data.below ? Math.round(height * 0.64) : height - 46;
  const option = {
    grid: [{ left, right, top: 18, height: split - 18 }],
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    xAxis: [
      category(t, {
        data: data.x,
        ...(data.every
          ? { axisLabel: { color: t.axis, fontSize: 11, margin: 10, interval: (i) => i % data.every === 0 } }
          : {}),
        ...(data.below ? { axisLabel: { show: false }, axisLine: { show: false } } : {}),
      }),
    ],
    yAxis: [
      value(t, write.axis, { min: data.low ?? undefined, max: data.high ?? undefined, scale: data.low === null }),
    ],
    series: [...(data.band ? bandSeries(t, data.band) : []), ...lineSeries(t, write, data)],
    tooltip: { formatter: tip(write, data.below?.name) },
  };
  if (data.below) {
    option.grid.push({ left, right, top: split + 26, height: height - split - 60 });
    option.xAxis.push(category(t, { data: data.x, gridIndex: 1 }));
    option.yAxis.push(value(t, write.count, { gridIndex: 1, min: 0, splitNumber: 2, minInterval: 1 }));
    option.series.push({
      name: data.below.name,
      type: 'bar',
      xAxisIndex: 1,
      yAxisIndex: 1,
      data: below(data.below),
      barWidth: '38%',
      itemStyle: { color: colour(t, data.below, 3), opacity: 0.6, borderRadius: [2, 2, 0, 0] },
    });
  }
  return option;
}

function bars(t, write, data, _height, stack) {
  const round = (place) => (stack && place < data.series.length - 1 ? 0 : [2, 2, 0, 0]);
  return {
    grid: { left: 8, right: 12, top: 16, bottom: 4, containLabel: true },
    xAxis: category(t, { data: data.x }),
    yAxis: value(t, write.axis, { min: 0, max: data.high ?? undefined, minInterval: data.digits ? 0 : 1 }),
    series: data.series.map((series, place) => ({
      name: series.name,
      type: 'bar',
      stack,
      data: point(series),
      barMaxWidth: 36,
      barGap: '12%',
      itemStyle: {
        color: colour(t, series, place),
        opacity: series.role === 'forecast' ? 0.6 : 1,
        borderRadius: round(place),
      },
    })),
    tooltip: { axisPointer: { type: 'shadow', shadowStyle: { color: t.band } }, formatter: tip(write) },
  };
}

function rows(t, write, data) {
  return {
    grid: { left: 8, right: 56, top: 4, bottom: 4, containLabel: true },
    yAxis: category(t, { data: data.x, inverse: true, axisLine: { show: false } }),
    xAxis: value(t, write.axis, { min: 0, show: false }),
    series: data.series.map((series, place) => ({
      name: series.name,
      type: 'bar',
      data: point(series),
      barMaxWidth: 18,
      itemStyle: { color: colour(t, series, place), borderRadius: [0, 2, 2, 0] },
      label: { show: true, position: 'right', color: t.ink2, fontSize: 11, formatter: (p) => write.value(p.value) },
    })),
    tooltip: { axisPointer: { type: 'shadow', shadowStyle: { color: t.band } }, formatter: tip(write) },
  };
}

function heat(t, write, data) {
  const cells = data.cells.filter(([, , each]) => each !== null);
  const all = cells.map(([, , each]) => each);
  return {
    grid: { left: 8, right: 12, top: 8, bottom: 4, containLabel: true },
    xAxis: category(t, { data: data.x, axisLine: { show: false } }),
    yAxis: category(t, { data: data.y, inverse: true, axisLine: { show: false } }),
    visualMap: { show: false, min: Math.min(...all), max: Math.max(...all), inRange: { color: t.s } },
    series: [
      {
        name: data.series[0]?.name ?? '',
        type: 'heatmap',
        data: cells,
        itemStyle: { borderColor: t.surface, borderWidth: 2, borderRadius: 3 },
      },
    ],
    tooltip: {
      trigger: 'item',
      formatter: (p) => `${data.y[p.value[1]]}, ${data.x[p.value[0]]}\n${write.value(p.value[2])}`,
    },
  };
}

const KINDS = { line, bars, stacked: (t, write, data, height) => bars(t, write, data, height, 'all'), rows, heat };

function mount(element) {
  if (mounted.has(element) || !window.echarts) return;
  const data = JSON.parse(document.getElementById(`${element.dataset.chart}-data`).textContent);
  let chart = null;
  const dispose = () => {
    theme.disconnect();
    size.disconnect();
    chart?.dispose();
    mounted.delete(element);
  };
  const draw = () => {
    if (!element.clientWidth) return;
    const t = tokens();
    const option = KINDS[data.kind](t, writer(data), data, element.clientHeight);
    const common = base(t);
    chart?.dispose();
    chart = window.echarts.init(element, null, { renderer: 'svg' });
    chart.setOption({ ...common, ...option, tooltip: { ...common.tooltip, ...option.tooltip } });
    chart.on('click', (p) => {
      if (p.data?.link) location.href = p.data.link;
    });
    mounted.set(element, chart);
  };
  const theme = new MutationObserver(() => (element.isConnected ? draw() : dispose()));
  const size = new ResizeObserver(() => {
    if (!element.isConnected) dispose();
    else if (!chart) draw();
    else if (element.clientWidth) draw();
  });
  mounted.set(element, null);
  theme.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-bs-theme', 'data-density', 'lang'],
  });
  size.observe(element);
}

function savePicture(link) {
  const element = document.querySelector(`[data-chart="${CSS.escape(link.dataset.chartPng)}"]`);
  const svg = element.querySelector('svg');
  const image = new Image();
  const [width, height] = [element.clientWidth, element.clientHeight];
  image.onload = () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: width * 2, height: height * 2 });
    const pen = canvas.getContext('2d');
    pen.scale(2, 2);
    pen.fillStyle = css('--eg-surface');
    pen.fillRect(0, 0, width, height);
    pen.drawImage(image, 0, 0, width, height);
    Object.assign(document.createElement('a'), {
      href: canvas.toDataURL('image/png'),
      download: `${link.dataset.chartPng}.png`,
    }).click();
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
}

function all(root) {
  for (const element of root.querySelectorAll('[data-chart]')) mount(element);
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-chart-png]');
  if (link) {
    event.preventDefault();
    savePicture(link);
  }
});
document.addEventListener('htmx:afterSettle', (event) => all(event.target));
all(document);
