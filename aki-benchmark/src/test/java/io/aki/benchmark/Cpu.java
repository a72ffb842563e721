package io.aki.benchmark;

import java.lang.management.ManagementFactory;

import com.sun.management.OperatingSystemMXBean;

/**
 * The CPU time of this process with all its threads, and how busy the machine is.
 */
final class Cpu {

	private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	private Cpu() {
	}

	static long nanos() {
		return SYSTEM.getProcessCpuTime();
	}

	/**
	 * Return the load of the whole machine since the last question, from 0 to 1.
	 */
	static double machineLoad() {
		return SYSTEM.getCpuLoad();
	}

}
