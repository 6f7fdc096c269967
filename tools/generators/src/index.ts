export { generateFeature } from './generate-feature.ts';
export { featureNames, NameError, type FeatureNames } from './names.ts';
