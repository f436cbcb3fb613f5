/* packet(7): socket(AF_PACKET) takes CAP_NET_RAW, bind() takes nothing. The filter, the ring and the kind of stamps are the
 * socket's and stay; who else is listened for (promiscuous mode) belonged to the interface that went. */
#include "capture/packet_socket.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "capture/source.h"

int packet_socket_kind(int fd, const char *name)
{
	struct ifreq request = {0};

	g_strlcpy(request.ifr_name, name, sizeof(request.ifr_name));
	return ioctl(fd, SIOCGIFHWADDR, &request) == 0 ? request.ifr_hwaddr.sa_family : -1;
}

static gboolean failed(const char *name, const char *why, GError **error)
{
	g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_OPEN, "%s: is back, and cannot be captured on: %s", name, why);
	return FALSE;
}

/* A wish, as when it was opened. */
static void be_promiscuous(int fd, int interface)
{
	const struct packet_mreq all = {.mr_ifindex = interface, .mr_type = PACKET_MR_PROMISC};

	setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all));
}

gboolean packet_socket_bind(int fd, const char *name, int kind, bool promiscuous, GError **error)
{
	const struct sockaddr_ll address = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)if_nametoindex(name)};

	if (address.sll_ifindex == 0)
		return failed(name, g_strerror(errno), error);
	if (packet_socket_kind(fd, name) != kind)
		return failed(name, "its frames have another kind of header than before; start again", error);
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0)
		return failed(name, g_strerror(errno), error);
	if (promiscuous)
		be_promiscuous(fd, address.sll_ifindex);
	return TRUE;
}
