// Loaded before a companion's own code: its clock goes on from wherever the test that started it says.
const real = Date.now;
let moved = Number(process.env.CLOCK_AHEAD ?? 0);
Date.now = () => real() + moved;
process.on('message', (ms) => {
  moved = Number(ms);
});
// The companion's own listening to its parent keeps it running; this must not.
process.channel?.unref();
