// The graph of rules, laid out by dagre: a box a rule, in it a bar as long as its time.
(function () {
  "use strict";
  const NAMESPACE = "http://www.w3.org/2000/svg";
  const WIDTH = 190, HEIGHT = 46, BAR = 4, GAP = 60;
  const KINDS = ["compute", "aggregate", "claims", "plot"];

  function add(parent, name, attributes, text) {
    const element = document.createElementNS(NAMESPACE, name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    if (text !== undefined) element.textContent = text;
    parent.appendChild(element);
    return element;
  }

  // From the right side of one box to the left side of the next, level at both ends and at every turn between.
  function path(from, to, turns) {
    const points = [
      { x: from.x + WIDTH / 2, y: from.y },
      ...(to.x - from.x > WIDTH + GAP + 1 ? turns : []),
      { x: to.x - WIDTH / 2, y: to.y },
    ];
    let text = `M${points[0].x},${points[0].y}`;
    for (let i = 1; i < points.length; i += 1) {
      const middle = (points[i - 1].x + points[i].x) / 2;
      text += `C${middle},${points[i - 1].y} ${middle},${points[i].y} ${points[i].x},${points[i].y}`;
    }
    return text;
  }

  function short(name) { return name.length <= 29 ? name : `${name.slice(0, 28)}…`; }

  function draw(box) {
    const data = JSON.parse(box.querySelector("script").textContent);
    const graph = new dagre.graphlib.Graph();
    graph.setGraph({ rankdir: "LR", nodesep: 10, ranksep: GAP, marginx: 6, marginy: 6 });
    graph.setDefaultEdgeLabel(() => ({}));
    data.nodes.forEach((node) => graph.setNode(node.id, { width: WIDTH, height: HEIGHT }));
    data.edges.forEach(([from, to]) => graph.setEdge(from, to));
    dagre.layout(graph);
    const size = graph.graph();
    const picture = add(box, "svg", { viewBox: `0 0 ${size.width} ${size.height}`, width: size.width, height: size.height, "aria-hidden": "true" });
    graph.edges().forEach((edge) => add(picture, "path", { class: "edge", d: path(graph.node(edge.v), graph.node(edge.w), graph.edge(edge).points.slice(1, -1)) }));
    const longest = Math.max(...data.nodes.map((node) => node.seconds || 0)) || 1;
    data.nodes.forEach((node) => {
      const place = graph.node(node.id);
      const kind = KINDS.includes(node.kind) ? node.kind : "other";
      const group = add(picture, "g", { class: `node ${kind}`, transform: `translate(${place.x - WIDTH / 2},${place.y - HEIGHT / 2})` });
      add(group, "title", {}, `${node.id}: ${node.time}`);
      add(group, "rect", { class: "box", width: WIDTH, height: HEIGHT, rx: 4 });
      add(group, "text", { x: 9, y: 17, class: "label" }, short(node.name));
      add(group, "text", { x: 9, y: 33, class: "time" }, node.time + (node.jobs > 1 ? ` in ${node.jobs} jobs` : ""));
      add(group, "rect", { class: "bar", x: 0.5, y: HEIGHT - BAR - 0.5, height: BAR, width: Math.max(1, (WIDTH - 1) * (node.seconds || 0) / longest) });
    });
  }

  document.querySelectorAll(".graph").forEach(draw);
})();
