/**
 * An emulator of the AKI.IO API in the same process, for tests and for work without a
 * network.
 * <p>
 * {@link io.aki.spring.boot.test.AkiEmulator} serves the API over HTTP on the loopback
 * interface and records the requests. {@link io.aki.spring.boot.test.AkiEmulatorReplies}
 * sets its answers, {@link io.aki.spring.boot.test.AkiEmulatorFaults} its failures.
 * {@link io.aki.spring.boot.test.AutoConfigureAkiEmulator} starts an emulator for a test
 * of an application and lets the client use it.
 */
@NullMarked
package io.aki.spring.boot.test;

import org.jspecify.annotations.NullMarked;
