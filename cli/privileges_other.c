/* Systems without capabilities: to be nobody in particular is all that can be given up. */
#include "cli/privileges.h"

gboolean kernel_rights_bound(GError **error)
{
	(void)error;
	return TRUE;
}

gboolean kernel_rights_give_up(GError **error)
{
	(void)error;
	return TRUE;
}
