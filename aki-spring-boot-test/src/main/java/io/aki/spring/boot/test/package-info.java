/**
 * The AKI.IO API in the process, for offline use and for tests.
 */
@NullMarked
package io.aki.spring.boot.test;

import org.jspecify.annotations.NullMarked;
