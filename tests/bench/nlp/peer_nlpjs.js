// NLP.js as its own manual says: train on all examples, ask for the best intent.
const fs = require('fs');
const { NlpManager } = require('node-nlp');

const rows = (path) => fs.readFileSync(path, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));

const cpuMs = (since) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

(async () => {
  const [train, test, out] = process.argv.slice(2);
  const manager = new NlpManager({ languages: ['th'], forceNER: false, autoSave: false, nlu: { log: false } });
  rows(train).forEach((row) => manager.addDocument('th', row.text, row.intent));
  await manager.train();
  const texts = rows(test).map((row) => row.text);
  for (const text of texts.slice(0, 50)) await manager.process('th', text);
  const answers = [];
  const ms = [];
  for (const text of texts) {
    const began = process.cpuUsage();
    const said = await manager.process('th', text);
    ms.push(cpuMs(began));
    answers.push(said.intent === 'None' ? 'out_of_scope' : said.intent);
  }
  const peakMib = Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
  fs.writeFileSync(out, JSON.stringify({ answers, ms, peak_mib: peakMib }));
})();
