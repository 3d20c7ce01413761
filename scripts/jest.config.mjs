import base from '../jest.config.base.mjs';

// Most of these tests wait for other processes: two at a time, also on a machine of two cores.
export default { ...base, maxWorkers: 2 };
