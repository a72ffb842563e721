package io.aki.client;

import java.lang.management.ManagementFactory;

import com.sun.management.OperatingSystemMXBean;

import org.springframework.util.ClassUtils;

/**
 * The load of the machine's processors.
 */
final class Processors {

	/** The module jdk.management is optional. */
	private static final boolean KNOWN = ClassUtils.isPresent("com.sun.management.OperatingSystemMXBean",
			Processors.class.getClassLoader());

	private static final double BUSY = 0.8;

	private Processors() {
	}

	/**
	 * Return whether the processors were busy since the last call. In a container the
	 * limits of the container count.
	 */
	static boolean areBusy() {
		return KNOWN && Load.current() > BUSY;
	}

	private static final class Load {

		static double current() {
			return (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system)
					? system.getCpuLoad() : 0;
		}

	}

}
