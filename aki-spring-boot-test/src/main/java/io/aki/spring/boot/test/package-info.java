/**
 * The AKI.IO API in the process, for offline use and for tests.
 * <p>
 * {@link io.aki.spring.boot.test.AkiEmulator} serves the API over HTTP on the loopback
 * interface, keeps what it was asked, answers as
 * {@link io.aki.spring.boot.test.AkiEmulatorReplies} and fails as
 * {@link io.aki.spring.boot.test.AkiEmulatorFaults} tell it to.
 * {@link io.aki.spring.boot.test.AutoConfigureAkiEmulator} starts one for a test of an
 * application and points the client at it.
 */
@NullMarked
package io.aki.spring.boot.test;

import org.jspecify.annotations.NullMarked;
