// Run by mongosh against mongo-1. Makes the three servers a replica set, or finds that they are one already, and waits
// until it has a primary.
const config = {
  _id: 'cartwright',
  members: [
    { _id: 0, host: 'mongo-1:27017', priority: 2 },
    { _id: 1, host: 'mongo-2:27017', priority: 1 },
    { _id: 2, host: 'mongo-3:27017', priority: 1 },
  ],
};

try {
  rs.status();
  print('The replica set is there.');
} catch (error) {
  // 94: not yet initialised. Anything else is a real failure, and the container is started again.
  if (error.code !== 94) throw error;
  rs.initiate(config);
  print('The replica set was made.');
}

const deadline = Date.now() + 60000;
for (;;) {
  const { members } = rs.status();
  if (members.some(({ stateStr }) => stateStr === 'PRIMARY')) break;
  if (Date.now() > deadline) throw new Error('The replica set has no primary.');
  sleep(500);
}
print('It has a primary.');
