export { listing } from './listing.module.js';
export { listingProjection } from './listing-projection.js';
